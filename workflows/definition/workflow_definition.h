// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"
#include "workflows/definition/facts.h"

#include <QStringList>

#include <variant>
#include <vector>

namespace counterfoil {

/// How a state is left: by the program itself, by something from outside or a timeout, by a person, or never. An order may rest for good
/// in a `Rest` state: nothing is expected there any more, though something may still come, such as a refund.
enum class StateKind : quint8 { Auto = 0, Wait = 1, Manual = 2, Final = 3, Rest = 4 };

/// What has become of the buyer's money while an order is in a state.
enum class MoneyClass : quint8 { None = 0, Held = 1, Captured = 2, Refunded = 3 };

/// What a command does to money, if it does anything.
enum class CommandEffect : quint8 { None = 0, Hold = 1, Capture = 2, Release = 3, Refund = 4 };

enum class DataType : quint8 { Integer = 0, Text = 1, Boolean = 2 };

/// The words used in a workflow file: `wait`, `held`, `capture`, `integer`.
QString toString(StateKind kind);
QString toString(MoneyClass money);
QString toString(CommandEffect effect);
QString toString(DataType type);

/// Read what toString writes. Errors: UnknownValue.
Result<StateKind> parseStateKind(QStringView text);
Result<MoneyClass> parseMoneyClass(QStringView text);
Result<CommandEffect> parseCommandEffect(QStringView text);

/// A fact that guards may name, and the value it has until the order says otherwise.
struct DataDeclaration {
    QString name;
    FactValue defaultValue = qint64{0};
    int line = 0;

    DataType type() const { return static_cast<DataType>(defaultValue.index()); }
    friend bool operator==(const DataDeclaration&, const DataDeclaration&) = default;
};

struct CommandArgument {
    QString name;
    QString value;
    friend bool operator==(const CommandArgument&, const CommandArgument&) = default;
};

/// Asks a service for something: `payment.charge`. The answer comes back as an event (20-engine, "Who moves money").
struct CommandAction {
    QString name;
    QString retryPolicy; ///< names a PolicyDefinition; empty: none given
    CommandEffect effect = CommandEffect::None;
    std::vector<CommandArgument> arguments;
    friend bool operator==(const CommandAction&, const CommandAction&) = default;
};

/// Arms a timer that sends `event` after `delayMs`, counted from the time of the order fact `from`, or from now if empty.
struct SendAction {
    QString id;
    QString event;
    qint64 delayMs = 0;
    QString from;
    friend bool operator==(const SendAction&, const SendAction&) = default;
};

/// Disarms the timer of the SendAction with this id; nothing if it isn't armed.
struct CancelAction {
    QString sendId;
    friend bool operator==(const CancelAction&, const CancelAction&) = default;
};

using Action = std::variant<CommandAction, SendAction, CancelAction>;

struct TransitionDefinition {
    QString event; ///< one SCXML event descriptor: `payment.confirmed`, `payment` (also `payment.x`), `payment.*`, `*`
    QString guard; ///< empty: always
    QString target;
    QString label;
    QStringList roles; ///< who may send the event by hand; empty: no person
    bool requiresApproval = false;
    std::vector<Action> actions;
    int line = 0;
    friend bool operator==(const TransitionDefinition&, const TransitionDefinition&) = default;
};

struct StateDefinition {
    QString id;
    StateKind kind = StateKind::Auto;
    MoneyClass money = MoneyClass::None;
    QString lane;
    QString label;
    QString colour;        ///< `#rrggbb`, or empty
    QString ownerRole;     ///< empty: nobody in particular
    qint64 slaSeconds = 0; ///< 0: none
    std::vector<Action> onEntry;
    std::vector<Action> onExit;
    std::vector<TransitionDefinition> transitions; ///< in document order, which is the order of precedence
    int line = 0;
    friend bool operator==(const StateDefinition&, const StateDefinition&) = default;
};

/// How a command's job is retried (20-engine, Jobs). It goes on retrying after a case was opened.
struct PolicyDefinition {
    QString name;
    qint64 backoffBaseMs = 1000;
    qint64 backoffCapMs = 300'000;
    int escalateAfterAttempts = 8;
    qint64 escalateAfterMs = 900'000;
    int line = 0;
    friend bool operator==(const PolicyDefinition&, const PolicyDefinition&) = default;
};

/// One revision of a workflow as plain values (40-workflows). `line` is where a thing stands in its file, 0 if unknown.
struct WorkflowDefinition {
    QString name;
    QString initial;
    std::vector<DataDeclaration> data;
    std::vector<PolicyDefinition> policies;
    std::vector<StateDefinition> states;
    friend bool operator==(const WorkflowDefinition&, const WorkflowDefinition&) = default;
};

} // namespace counterfoil
