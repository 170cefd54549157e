// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/words.h"

#include "models/base/id.h"
#include "models/domain/gateway.h"
#include "models/domain/job.h"
#include "models/domain/ledger.h"
#include "models/domain/order.h"
#include "models/domain/transaction.h"
#include "models/tables/format.h"

#include <QCoreApplication>
#include <QSet>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Words", text);
}

struct StateRow {
    const char* state;
    Icon icon;
    Tone tone;
};

constexpr auto orderStates = std::to_array<StateRow>({
    {"created", Icon::Flag, Tone::Neutral},
    {"awaiting_payment", Icon::Clock, Tone::Info},
    {"paying", Icon::Clock, Tone::Info},
    {"review", Icon::Warning, Tone::Warning},
    {"cancelling", Icon::Undo, Tone::Warning},
    {"paid", Icon::Money, Tone::Success},
    {"fulfilling", Icon::Package, Tone::Info},
    {"shipped", Icon::Shipped, Tone::Info},
    {"completed", Icon::Check, Tone::Success},
    {"cancelled", Icon::Cancel, Tone::Neutral},
    {"expired", Icon::Clock, Tone::Neutral},
    {"payment_failed", Icon::Cancel, Tone::Danger},
    {"refunding", Icon::Undo, Tone::Warning},
    {"refunded", Icon::Undo, Tone::Neutral},
});

constexpr auto otherStates = std::to_array<StateRow>({
    {"pending", Icon::Clock, Tone::Neutral},    {"processing", Icon::Clock, Tone::Info},   {"succeeded", Icon::Check, Tone::Success},
    {"failed", Icon::Cancel, Tone::Danger},     {"unknown", Icon::Question, Tone::Warning}, {"conflicted", Icon::Warning, Tone::Danger},
    {"queued", Icon::Clock, Tone::Neutral},     {"sending", Icon::Send, Tone::Info},       {"answered", Icon::Check, Tone::Success},
    {"refused", Icon::Cancel, Tone::Danger},    {"withdrawn", Icon::Undo, Tone::Neutral},  {"stored", Icon::Clock, Tone::Info},
    {"applied", Icon::Check, Tone::Success},    {"ignored", Icon::Cancel, Tone::Neutral},  {"case", Icon::Warning, Tone::Warning},
    {"ready", Icon::Clock, Tone::Neutral},      {"leased", Icon::Play, Tone::Info},        {"parked", Icon::Pause, Tone::Danger},
    {"done", Icon::Check, Tone::Success},       {"open", Icon::Clock, Tone::Info},          {"captured", Icon::Check, Tone::Success},
    {"released", Icon::Undo, Tone::Neutral},    {"info", Icon::Info, Tone::Info},          {"warning", Icon::Warning, Tone::Warning},
    {"critical", Icon::Warning, Tone::Danger},  {"resolved", Icon::Check, Tone::Success},  {"closed", Icon::Lock, Tone::Neutral},
    {"not_accepted", Icon::Cancel, Tone::Warning}, {"noted", Icon::Info, Tone::Info},
    {"requested", Icon::Clock, Tone::Info},     {"previewed", Icon::Visible, Tone::Info},  {"awaiting_approval", Icon::User, Tone::Warning},
    {"stale", Icon::Undo, Tone::Warning},       {"rejected", Icon::Cancel, Tone::Danger},
    {"may_sign_in", Icon::Check, Tone::Success}, {"demonstration", Icon::Info, Tone::Neutral}, {"disabled", Icon::Lock, Tone::Danger},
    {"trying", Icon::Lock, Tone::Info},         {"confirming", Icon::Clock, Tone::Info},   {"confirmed", Icon::Check, Tone::Success},
});

/// Events of the default workflow whose names don't say enough.
constexpr auto eventNames = std::to_array<std::pair<const char*, const char*>>({
    {"checkout.reserved", QT_TRANSLATE_NOOP("Words", "Everything reserved")},
    {"checkout.refused", QT_TRANSLATE_NOOP("Words", "Something can't be had")},
    {"payment.started", QT_TRANSLATE_NOOP("Words", "Buyer is paying")},
    {"payment.conflicted", QT_TRANSLATE_NOOP("Words", "Amounts differ")},
    {"cancel.requested", QT_TRANSLATE_NOOP("Words", "Cancellation asked for")},
    {"fulfilment.started", QT_TRANSLATE_NOOP("Words", "Handed to the warehouse")},
    {"shipment.dispatched", QT_TRANSLATE_NOOP("Words", "Dispatched")},
    {"shipment.delivered", QT_TRANSLATE_NOOP("Words", "Delivered")},
    {"refund.requested", QT_TRANSLATE_NOOP("Words", "Refund asked for")},
    {"refund.confirmed", QT_TRANSLATE_NOOP("Words", "Refunded")},
    {"refund.cancelled", QT_TRANSLATE_NOOP("Words", "Refund did not happen")},
    {"review.refund", QT_TRANSLATE_NOOP("Words", "Refund decided")},
    {"timeout.refunding", QT_TRANSLATE_NOOP("Words", "No end of the refund")},
    {"timeout.payment", QT_TRANSLATE_NOOP("Words", "Not paid in time")},
    {"timeout.cancelling", QT_TRANSLATE_NOOP("Words", "No answer to the cancellation")},
    {"timeout.fulfilment", QT_TRANSLATE_NOOP("Words", "Not dispatched in time")},
    {"timeout.delivery", QT_TRANSLATE_NOOP("Words", "Taken as delivered")},
});

template<NamedEnum E>
void addNames(QSet<QString>& names)
{
    for (const auto& [value, name] : EnumNames<E>::names) {
        names.insert(QString::fromLatin1(name));
    }
}

} // namespace

Look lookOf(const QString& name)
{
    for (const StateRow& row : orderStates) {
        if (name == QLatin1String(row.state)) {
            return {stateLabel(name), row.icon, row.tone};
        }
    }
    for (const StateRow& row : otherStates) {
        if (name == QLatin1String(row.state)) {
            return {stateLabel(name), row.icon, row.tone};
        }
    }
    return {stateLabel(name), Icon::Flag, Tone::Neutral};
}

bool isKindName(const QString& name)
{
    static const QSet<QString> kinds = [] {
        QSet<QString> names;
        addNames<Funding>(names);
        addNames<SplitStrategy>(names);
        addNames<FulfilmentKind>(names);
        addNames<OwnerKind>(names);
        addNames<AccountKind>(names);
        addNames<Bucket>(names);
        addNames<EntryKind>(names);
        addNames<HoldReason>(names);
        addNames<TransactionKind>(names);
        addNames<GatewayOperation>(names);
        addNames<JobKind>(names);
        return names;
    }();
    return kinds.contains(name);
}

Look openCaseLook()
{
    return {stateLabel(QStringLiteral("open")), Icon::Flag, Tone::Warning};
}

QStringList knownOrderStates()
{
    QStringList states;
    for (const StateRow& row : orderStates) {
        states << QString::fromLatin1(row.state);
    }
    return states;
}

QString eventWords(const QString& event)
{
    for (const auto& [name, words] : eventNames) {
        if (event == QLatin1String(name)) {
            return tr(words);
        }
    }
    return stateLabel(event);
}

QString actorWords(const QString& actor)
{
    if (actor == QLatin1String("worker")) {
        return tr("Worker");
    }
    if (actor == QLatin1String("cli")) {
        return tr("Command line");
    }
    if (actor.startsWith(QLatin1String("api:"))) {
        return tr("Shop API (%1)").arg(actor.mid(4));
    }
    if (actor.startsWith(QLatin1String("operator:"))) {
        return actor.mid(9);
    }
    if (actor.startsWith(QLatin1String("import:"))) {
        return tr("Import of %1").arg(actor.mid(7));
    }
    return actor;
}

QString causeWords(const QString& cause)
{
    const qsizetype colon = cause.indexOf(QLatin1Char(':'));
    const bool sentence = cause.contains(QLatin1Char(' ')) || !idPrefix(cause).isEmpty();
    if (colon < 0) {
        return sentence ? cause : stateLabel(cause);
    }
    const QString name = cause.left(colon);
    if (name.contains(QLatin1Char(' '))) {
        return cause;
    }
    const QString rest = cause.mid(colon + 1).trimmed();
    return rest.isEmpty() ? stateLabel(name) : QStringLiteral("%1 · %2").arg(stateLabel(name), rest);
}

ErrorWords errorWords(ErrorCode code)
{
    switch (code) {
    case ErrorCode::DatabaseUnavailable:
        return {tr("The database cannot be reached."), tr("Nothing was changed. Check that it is running; the console tries again by itself.")};
    case ErrorCode::DatabaseTooOld:
        return {tr("The database is empty or older than this program."),
                tr("Run counterfoilctl init for a new one, or counterfoilctl migrate for an old one.")};
    case ErrorCode::DatabaseTooNew:
        return {tr("The database was made by a newer program."), tr("Update this console. Nothing was changed.")};
    case ErrorCode::DatabaseBusy:
    case ErrorCode::SerializationFailure: return {tr("The database is busy."), tr("Nothing was changed. Try again in a moment.")};
    case ErrorCode::DatabaseCorrupt:
        return {tr("The database holds something that cannot be."),
                tr("Nothing was changed. Run counterfoilctl verify, and restore a backup if it reports damage.")};
    case ErrorCode::ConfigurationInvalid: return {tr("A setting is not valid."), tr("Correct it and start again.")};
    case ErrorCode::NotFound: return {tr("That is not in this database."), tr("Check the id; it may belong to another database.")};
    case ErrorCode::Forbidden: return {tr("You may not do that."), tr("Ask a supervisor. Nothing was changed.")};
    case ErrorCode::InProgress: return {tr("Something about the same thing is under way."), tr("Nothing was changed. Wait for its end, or take it back.")};
    case ErrorCode::EventNotAccepted: return {tr("That is not possible as things stand now."), tr("Nothing was changed.")};
    case ErrorCode::DeadlinePassed: return {tr("It is too late for that."), tr("Nothing was changed. Ask for it anew.")};
    case ErrorCode::Unauthenticated: return {tr("Login or password is wrong."), tr("Nothing was changed.")};
    case ErrorCode::Cancelled: return {tr("Cancelled."), tr("Nothing was changed.")};
    default: break;
    }
    return {tr("That did not work."), tr("Nothing was changed. The details can be copied for whoever looks after the system.")};
}

} // namespace counterfoil
