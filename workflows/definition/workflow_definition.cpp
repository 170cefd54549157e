// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/workflow_definition.h"

#include <array>

namespace counterfoil {

namespace {

// Each list is indexed by the value of its enum.
constexpr std::array<const char*, 5> stateKinds{"auto", "wait", "manual", "final", "rest"};
constexpr std::array<const char*, 4> moneyClasses{"none", "held", "captured", "refunded"};
constexpr std::array<const char*, 5> commandEffects{"none", "hold", "capture", "release", "refund"};
constexpr std::array<const char*, 3> dataTypes{"integer", "text", "boolean"};

template<std::size_t size, class Enum>
QString wordOf(const std::array<const char*, size>& words, Enum value)
{
    const auto index = static_cast<std::size_t>(value);
    require(index < size, "enum value has a word");
    return QString::fromLatin1(words[index]);
}

template<class Enum, std::size_t size>
Result<Enum> parseWord(const std::array<const char*, size>& words, QStringView text, const char* what)
{
    QString expected;
    for (std::size_t index = 0; index < size; ++index) {
        if (text == QLatin1String(words[index])) {
            return static_cast<Enum>(index);
        }
        expected += QLatin1String(index == 0 ? "" : ", ") + QLatin1String(words[index]);
    }
    return fail(ErrorCode::UnknownValue,
                QStringLiteral("'%1' is no %2 (%3)").arg(text.left(64).toString(), QLatin1String(what), expected));
}

} // namespace

QString toString(StateKind kind)
{
    return wordOf(stateKinds, kind);
}

QString toString(MoneyClass money)
{
    return wordOf(moneyClasses, money);
}

QString toString(CommandEffect effect)
{
    return wordOf(commandEffects, effect);
}

QString toString(DataType type)
{
    return wordOf(dataTypes, type);
}

Result<StateKind> parseStateKind(QStringView text)
{
    return parseWord<StateKind>(stateKinds, text, "kind of state");
}

Result<MoneyClass> parseMoneyClass(QStringView text)
{
    return parseWord<MoneyClass>(moneyClasses, text, "money class");
}

Result<CommandEffect> parseCommandEffect(QStringView text)
{
    return parseWord<CommandEffect>(commandEffects, text, "effect");
}

} // namespace counterfoil
