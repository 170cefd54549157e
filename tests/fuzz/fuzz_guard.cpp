// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "workflows/definition/guard.h"
#include "workflows/definition/guard_parser.h"

#include <limits>

using namespace counterfoil;

namespace {

__extension__ typedef __int128 Wide;
using Value = std::variant<Wide, QString, bool>;
using Outcome = std::expected<Value, ErrorCode>;

const std::vector<DataDeclaration>& declarations()
{
    static const std::vector<DataDeclaration> all{
        {QStringLiteral("total"), qint64{0}, 0},   {QStringLiteral("paid"), qint64{-7}, 0},
        {QStringLiteral("limit"), std::numeric_limits<qint64>::max(), 0},
        {QStringLiteral("method"), QStringLiteral("gateway"), 0}, {QStringLiteral("urgent"), true, 0}};
    return all;
}

/// Evaluates once more, in 128 bits, and says where 64 don't hold the result.
class Oracle {
public:
    Oracle(const GuardProgram& program, const Facts& facts, QStringView state) : m_program(program), m_facts(facts), m_state(state) {}

    Outcome at(int index) const
    {
        const GuardNode& node = m_program.nodes[static_cast<std::size_t>(index)];
        switch (node.kind) {
        case GuardNode::Kind::Literal:
            return widened(node.value);
        case GuardNode::Kind::Fact: {
            const FactValue* const given = m_facts.find(node.name);
            if (given != nullptr && given->index() != node.value.index()) {
                return std::unexpected(ErrorCode::Integrity);
            }
            return widened(given != nullptr ? *given : node.value);
        }
        case GuardNode::Kind::InState:
            return Value(m_state == node.name);
        default:
            break;
        }
        const Outcome left = at(node.left);
        if (left && node.kind == GuardNode::Kind::Negate) {
            return narrowed(-std::get<Wide>(*left));
        }
        if (left && node.kind == GuardNode::Kind::Not) {
            return !std::get<bool>(*left);
        }
        const bool isLogical = node.operation == TokenKind::And || node.operation == TokenKind::Or;
        if (!left || (isLogical && std::get<bool>(*left) == (node.operation == TokenKind::Or))) {
            return left;
        }
        const Outcome right = at(node.right);
        return !right || isLogical ? right : combined(node.operation, *left, *right);
    }

private:
    static Value widened(const FactValue& value)
    {
        if (const auto* const number = std::get_if<qint64>(&value)) {
            return Wide{*number};
        }
        return value.index() == 1 ? Value(std::get<QString>(value)) : Value(std::get<bool>(value));
    }

    static Outcome narrowed(Wide value)
    {
        const bool fits = value >= std::numeric_limits<qint64>::min() && value <= std::numeric_limits<qint64>::max();
        return fits ? Outcome(value) : std::unexpected(ErrorCode::AmountOverflow);
    }

    static Outcome combined(TokenKind operation, const Value& left, const Value& right)
    {
        switch (operation) {
        case TokenKind::Equal:
            return left == right;
        case TokenKind::NotEqual:
            return left != right;
        default:
            break;
        }
        const Wide a = std::get<Wide>(left);
        const Wide b = std::get<Wide>(right);
        switch (operation) {
        case TokenKind::Less:
            return a < b;
        case TokenKind::LessEqual:
            return a <= b;
        case TokenKind::Greater:
            return a > b;
        case TokenKind::GreaterEqual:
            return a >= b;
        case TokenKind::Plus:
            return narrowed(a + b);
        case TokenKind::Minus:
            return narrowed(a - b);
        default:
            return narrowed(a * b);
        }
    }

    const GuardProgram& m_program;
    const Facts& m_facts;
    QStringView m_state;
};

QString quoted(QString text)
{
    text.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return u'\'' + text + u'\'';
}

QString printedValue(const FactValue& value)
{
    switch (value.index()) {
    case 0:
        return QString::number(std::get<qint64>(value));
    case 1:
        return quoted(std::get<QString>(value));
    default:
        return std::get<bool>(value) ? QStringLiteral("true") : QStringLiteral("false");
    }
}

QString wordOf(TokenKind operation)
{
    switch (operation) {
    case TokenKind::Or: return QStringLiteral("||");
    case TokenKind::And: return QStringLiteral("&&");
    case TokenKind::Equal: return QStringLiteral("==");
    case TokenKind::NotEqual: return QStringLiteral("!=");
    case TokenKind::Less: return QStringLiteral("<");
    case TokenKind::LessEqual: return QStringLiteral("<=");
    case TokenKind::Greater: return QStringLiteral(">");
    case TokenKind::GreaterEqual: return QStringLiteral(">=");
    case TokenKind::Plus: return QStringLiteral("+");
    case TokenKind::Minus: return QStringLiteral("-");
    default: return QStringLiteral("*");
    }
}

/// The tree with every operation in parentheses.
QString printed(const GuardProgram& program, std::size_t index)
{
    const GuardNode& node = program.nodes[index];
    const auto inner = [&](int at) { return printed(program, static_cast<std::size_t>(at)); };
    switch (node.kind) {
    case GuardNode::Kind::Literal:
        return printedValue(node.value);
    case GuardNode::Kind::Fact:
        return node.name;
    case GuardNode::Kind::InState:
        return QStringLiteral("In(%1)").arg(quoted(node.name));
    case GuardNode::Kind::Negate:
        return QStringLiteral("-(") + inner(node.left) + u')';
    case GuardNode::Kind::Not:
        return QStringLiteral("!(") + inner(node.left) + u')';
    case GuardNode::Kind::Binary:
        break;
    }
    // Spaces, since two signs side by side are another operator.
    return u'(' + inner(node.left) + u' ' + wordOf(node.operation) + u' ' + inner(node.right) + u')';
}

void roundTrip(const GuardProgram& program)
{
    const QString text = printed(program, program.nodes.size() - 1);
    const Result<GuardProgram> again = parseGuard(text, declarations());
    if (!again) {
        const QString& why = again.error().detail;
        require(why.contains(QLatin1String("longer than")) || why.contains(QLatin1String("nested deeper")),
                "the printed guard is refused for its length or its parentheses only");
        return;
    }
    require(printed(*again, again->nodes.size() - 1) == text, "the printed guard reads as the same tree");
    require(again->states == program.states, "the printed guard names the same states");
}

Facts factsOf(QByteArrayView text)
{
    Facts facts;
    const QList<QByteArrayView> lines = inputLines(text, static_cast<qsizetype>(declarations().size()));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        // Also of another type than declared: that is an error of evaluating, not of this.
        if (const Result<FactValue> value = parseLiteral(QString::fromUtf8(lines[i]))) {
            require(parseLiteral(printedValue(*value)) == *value, "a literal reads as what it prints");
            facts.set(declarations()[static_cast<std::size_t>(i)].name, *value);
        }
    }
    return facts;
}

} // namespace

// A guard, a state, and literals for the facts, each on a line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QList<QByteArrayView> lines = inputLines(inputOf(data, size), 3);
    const QString text = QString::fromUtf8(lines[0]);
    const QString state = QString::fromUtf8(lines[1]);
    const Facts facts = factsOf(lines[2]);
    const Result<GuardProgram> program = parseGuard(text, declarations());
    const Result<Guard> guard = Guard::parse(text, declarations());
    require(program.has_value() == guard.has_value(), "both ways of parsing agree");
    if (!guard) {
        require(guard.error().code == ErrorCode::WorkflowInvalid, "a refused guard is WorkflowInvalid");
        return 0;
    }
    require(guard->text() == text, "a guard keeps its text");
    roundTrip(*program);
    const Result<bool> result = guard->evaluate(facts, state);
    const Outcome expected = Oracle(*program, facts, state).at(static_cast<int>(program->nodes.size()) - 1);
    require(result.has_value() == expected.has_value(), "an overflow is an error, and nothing else is");
    require(result ? *result == std::get<bool>(*expected) : result.error().code == expected.error(), "128 bits give the same");
    return 0;
}
