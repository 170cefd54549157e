// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/guard_parser.h"

#include "workflows/definition/guard.h"

#include <algorithm>

namespace counterfoil {

namespace {

// Binding strength as in ECMAScript; 0 for what is no binary operator.
int precedenceOf(TokenKind kind)
{
    switch (kind) {
    case TokenKind::Or:
        return 1;
    case TokenKind::And:
        return 2;
    case TokenKind::Equal:
    case TokenKind::NotEqual:
        return 3;
    case TokenKind::Less:
    case TokenKind::LessEqual:
    case TokenKind::Greater:
    case TokenKind::GreaterEqual:
        return 4;
    case TokenKind::Plus:
    case TokenKind::Minus:
        return 5;
    case TokenKind::Times:
        return 6;
    default:
        return 0;
    }
}

class Parser {
public:
    Parser(std::span<const GuardToken> tokens, std::span<const DataDeclaration> declarations, GuardProgram& program)
        : m_tokens(tokens), m_declarations(declarations), m_program(program)
    {
    }

    Result<void> parse()
    {
        CF_ASSIGN(const int root, expression(1));
        if (current().kind != TokenKind::End) {
            return refuse(current(), QStringLiteral("'%1' is not expected here").arg(current().text));
        }
        if (typeOf(root) != DataType::Boolean) {
            return refuse(m_tokens.front(),
                          QStringLiteral("the whole is of type %1, not boolean").arg(toString(typeOf(root))));
        }
        return {};
    }

private:
    const GuardToken& current() const { return m_tokens[m_at]; }
    const GuardToken& take() { return m_tokens[m_at++]; }
    DataType typeOf(int node) const { return m_program.nodes[static_cast<std::size_t>(node)].type; }

    int add(GuardNode node)
    {
        m_program.nodes.push_back(std::move(node));
        return static_cast<int>(m_program.nodes.size()) - 1;
    }

    std::unexpected<Error> refuse(const GuardToken& at, const QString& reason) const
    {
        return fail(ErrorCode::WorkflowInvalid,
                    QStringLiteral("guard, character %1: %2").arg(at.position + 1).arg(reason));
    }

    Result<int> expression(int weakest)
    {
        if (++m_depth > Guard::depthMax) {
            return refuse(current(), QStringLiteral("nested deeper than %1").arg(Guard::depthMax));
        }
        CF_ASSIGN(int left, operand());
        while (precedenceOf(current().kind) >= weakest) {
            const GuardToken& operation = take();
            CF_ASSIGN(const int right, expression(precedenceOf(operation.kind) + 1));
            CF_ASSIGN(left, binary(operation, left, right));
        }
        --m_depth;
        return left;
    }

    Result<int> binary(const GuardToken& operation, int left, int right)
    {
        GuardNode node{GuardNode::Kind::Binary, DataType::Boolean, operation.kind, left, right, {}, qint64{0}};
        const bool sameType = typeOf(left) == typeOf(right);
        bool fits = sameType && typeOf(left) == DataType::Integer;
        switch (operation.kind) {
        case TokenKind::Or:
        case TokenKind::And:
            fits = sameType && typeOf(left) == DataType::Boolean;
            break;
        case TokenKind::Equal:
        case TokenKind::NotEqual:
            fits = sameType;
            break;
        case TokenKind::Plus:
        case TokenKind::Minus:
        case TokenKind::Times:
            node.type = DataType::Integer;
            break;
        default:
            break;
        }
        if (!fits) {
            return refuse(operation, QStringLiteral("'%1' does not go between %2 and %3")
                                         .arg(operation.text, toString(typeOf(left)), toString(typeOf(right))));
        }
        return add(std::move(node));
    }

    Result<int> operand()
    {
        const GuardToken& token = take();
        switch (token.kind) {
        case TokenKind::Literal:
            return add({GuardNode::Kind::Literal, static_cast<DataType>(token.value.index()), TokenKind::End, 0, 0, {},
                        token.value});
        case TokenKind::Name:
            return token.text == u"In" ? inState() : fact(token);
        case TokenKind::Not:
            return unary(token, GuardNode::Kind::Not, DataType::Boolean);
        case TokenKind::Minus:
            return unary(token, GuardNode::Kind::Negate, DataType::Integer);
        case TokenKind::Open: {
            CF_ASSIGN(const int inner, expression(1));
            CF_TRY(expect(TokenKind::Close, ")"));
            return inner;
        }
        case TokenKind::End:
            --m_at; // End stays the current token, so that nothing reads past it
            return refuse(token, QStringLiteral("something is missing at the end"));
        default:
            return refuse(token, QStringLiteral("'%1' is not expected here").arg(token.text));
        }
    }

    Result<int> unary(const GuardToken& operation, GuardNode::Kind kind, DataType type)
    {
        // Stronger than every binary operator, so only the operand itself is taken.
        CF_ASSIGN(const int inner, expression(7));
        if (typeOf(inner) != type) {
            return refuse(operation, QStringLiteral("'%1' does not go before %2").arg(operation.text, toString(typeOf(inner))));
        }
        return add({kind, type, operation.kind, inner, 0, {}, qint64{0}});
    }

    Result<int> fact(const GuardToken& token)
    {
        const auto found = std::find_if(m_declarations.begin(), m_declarations.end(),
                                        [&](const DataDeclaration& entry) { return entry.name == token.text; });
        if (found == m_declarations.end()) {
            return refuse(token, QStringLiteral("'%1' is not declared").arg(token.text));
        }
        return add({GuardNode::Kind::Fact, found->type(), TokenKind::End, 0, 0, found->name, found->defaultValue});
    }

    Result<int> inState()
    {
        CF_TRY(expect(TokenKind::Open, "("));
        const GuardToken& state = current();
        const QString* const name = std::get_if<QString>(&state.value);
        if (state.kind != TokenKind::Literal || name == nullptr) {
            return refuse(state, QStringLiteral("In() takes the quoted id of a state"));
        }
        take();
        CF_TRY(expect(TokenKind::Close, ")"));
        if (!m_program.states.contains(*name)) {
            m_program.states.append(*name);
        }
        return add({GuardNode::Kind::InState, DataType::Boolean, TokenKind::End, 0, 0, *name, qint64{0}});
    }

    Result<void> expect(TokenKind kind, const char* word)
    {
        if (current().kind != kind) {
            return refuse(current(), QStringLiteral("'%1' is expected here").arg(QLatin1String(word)));
        }
        take();
        return {};
    }

    std::span<const GuardToken> m_tokens;
    std::span<const DataDeclaration> m_declarations;
    GuardProgram& m_program;
    std::size_t m_at = 0;
    int m_depth = 0;
};

} // namespace

Result<GuardProgram> parseGuard(QStringView text, std::span<const DataDeclaration> declarations)
{
    if (text.size() > Guard::lengthMax) {
        return fail(ErrorCode::WorkflowInvalid, QStringLiteral("guard: longer than %1 characters").arg(Guard::lengthMax));
    }
    GuardProgram program;
    program.text = text.toString();
    CF_ASSIGN(const std::vector<GuardToken> tokens, cutGuard(program.text));
    CF_TRY(Parser(tokens, declarations, program).parse());
    return program;
}

} // namespace counterfoil
