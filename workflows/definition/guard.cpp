// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/guard.h"

#include "workflows/definition/guard_parser.h"

namespace counterfoil {

namespace {

class Evaluator {
public:
    Evaluator(const GuardProgram& program, const Facts& facts, QStringView state)
        : m_program(program), m_facts(facts), m_state(state)
    {
    }

    Result<bool> boolean(int index) const
    {
        const GuardNode& node = at(index);
        switch (node.kind) {
        case GuardNode::Kind::InState:
            return m_state == node.name;
        case GuardNode::Kind::Not: {
            CF_ASSIGN(const bool inner, boolean(node.left));
            return !inner;
        }
        case GuardNode::Kind::Binary:
            return binary(node);
        default:
            return leaf<bool>(node);
        }
    }

private:
    const GuardNode& at(int index) const { return m_program.nodes[static_cast<std::size_t>(index)]; }

    template<class T>
    Result<T> leaf(const GuardNode& node) const
    {
        const FactValue* value = node.kind == GuardNode::Kind::Fact ? m_facts.find(node.name) : nullptr;
        if (value == nullptr) {
            value = &node.value;
        }
        if (const T* const typed = std::get_if<T>(value)) {
            return *typed;
        }
        return fail(ErrorCode::Integrity, QStringLiteral("fact '%1' is declared %2 and was given as %3")
                                              .arg(node.name, toString(node.type),
                                                   toString(static_cast<DataType>(value->index()))));
    }

    Result<bool> binary(const GuardNode& node) const
    {
        if (node.operation == TokenKind::And || node.operation == TokenKind::Or) {
            CF_ASSIGN(const bool left, boolean(node.left));
            return left == (node.operation == TokenKind::Or) ? Result<bool>(left) : boolean(node.right);
        }
        switch (at(node.left).type) {
        case DataType::Boolean: {
            CF_ASSIGN(const bool left, boolean(node.left));
            CF_ASSIGN(const bool right, boolean(node.right));
            return (left == right) == (node.operation == TokenKind::Equal);
        }
        case DataType::Text: {
            CF_ASSIGN(const QString left, leaf<QString>(at(node.left)));
            CF_ASSIGN(const QString right, leaf<QString>(at(node.right)));
            return (left == right) == (node.operation == TokenKind::Equal);
        }
        case DataType::Integer:
            break;
        }
        CF_ASSIGN(const qint64 left, integer(node.left));
        CF_ASSIGN(const qint64 right, integer(node.right));
        switch (node.operation) {
        case TokenKind::Equal:
            return left == right;
        case TokenKind::NotEqual:
            return left != right;
        case TokenKind::Less:
            return left < right;
        case TokenKind::LessEqual:
            return left <= right;
        case TokenKind::Greater:
            return left > right;
        default:
            return left >= right;
        }
    }

    Result<qint64> integer(int index) const
    {
        const GuardNode& node = at(index);
        if (node.kind != GuardNode::Kind::Binary && node.kind != GuardNode::Kind::Negate) {
            return leaf<qint64>(node);
        }
        qint64 left = 0;
        qint64 right = 0;
        if (node.kind == GuardNode::Kind::Binary) {
            CF_ASSIGN(left, integer(node.left));
            CF_ASSIGN(right, integer(node.right));
        } else {
            CF_ASSIGN(right, integer(node.left));
        }
        qint64 result = 0;
        bool overflow = false;
        switch (node.operation) {
        case TokenKind::Plus:
            overflow = __builtin_add_overflow(left, right, &result);
            break;
        case TokenKind::Minus:
            overflow = __builtin_sub_overflow(left, right, &result);
            break;
        default:
            overflow = __builtin_mul_overflow(left, right, &result);
            break;
        }
        if (overflow) {
            return fail(ErrorCode::AmountOverflow, QStringLiteral("guard %1").arg(m_program.text));
        }
        return result;
    }

    const GuardProgram& m_program;
    const Facts& m_facts;
    QStringView m_state;
};

} // namespace

Guard::Guard(std::shared_ptr<const GuardProgram> program) : m_program(std::move(program)) {}

Result<Guard> Guard::parse(QStringView text, std::span<const DataDeclaration> declarations)
{
    CF_ASSIGN(GuardProgram program, parseGuard(text, declarations));
    return Guard(std::make_shared<const GuardProgram>(std::move(program)));
}

Result<bool> Guard::evaluate(const Facts& facts, QStringView currentState) const
{
    return Evaluator(*m_program, facts, currentState).boolean(static_cast<int>(m_program->nodes.size()) - 1);
}

const QString& Guard::text() const
{
    return m_program->text;
}

const QStringList& Guard::statesNamed() const
{
    return m_program->states;
}

} // namespace counterfoil
