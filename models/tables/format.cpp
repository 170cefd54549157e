// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/format.h"

#include "models/base/text.h"

#include <QDateTime>
#include <QHash>
#include <QLocale>

#include <unicode/locid.h>
#include <unicode/numberformatter.h>

namespace counterfoil {

namespace {

/// Names whose words aren't just the name with spaces. Marked for translation here, translated when asked.
struct Word {
    const char* name;
    const char* label;
};

#define CF_WORD(text) QT_TRANSLATE_NOOP("State", text)
constexpr Word words[] = {
    {"created", CF_WORD("Created")},
    {"awaiting_payment", CF_WORD("Awaiting payment")},
    {"payment_failed", CF_WORD("Payment failed")},
    {"review", CF_WORD("In review")},
    {"paying", CF_WORD("Paying")},
    {"fulfilling", CF_WORD("Fulfilling")},
    {"paid", CF_WORD("Paid")},
    {"settling", CF_WORD("Settling")},
    {"shipped", CF_WORD("Shipped")},
    {"delivered", CF_WORD("Delivered")},
    {"completed", CF_WORD("Completed")},
    {"cancelling", CF_WORD("Cancelling")},
    {"cancelled", CF_WORD("Cancelled")},
    {"refunding", CF_WORD("Refunding")},
    {"refunded", CF_WORD("Refunded")},
    {"expired", CF_WORD("Expired")},
    {"pending", CF_WORD("Pending")},
    {"processing", CF_WORD("Processing")},
    {"succeeded", CF_WORD("Succeeded")},
    {"failed", CF_WORD("Failed")},
    {"unknown", CF_WORD("Unknown")},
    {"conflicted", CF_WORD("Conflicted")},
    {"open", CF_WORD("Open")},
    {"closed", CF_WORD("Closed")},
    {"captured", CF_WORD("Captured")},
    {"released", CF_WORD("Released")},
    {"wallet", CF_WORD("Wallet")},
    {"gateway", CF_WORD("Gateway")},
    {"both", CF_WORD("Wallet and gateway")},
    {"merchant", CF_WORD("Merchant")},
    {"clearing", CF_WORD("Clearing")},
    {"bank", CF_WORD("Bank")},
    {"fees", CF_WORD("Fees")},
    {"gateway_fees", CF_WORD("Gateway fees")},
    {"promotions", CF_WORD("Promotions")},
    {"commission", CF_WORD("Commission")},
    {"disputes", CF_WORD("Disputes")},
    {"receivable", CF_WORD("Receivable")},
    {"suspense", CF_WORD("Suspense")},
    {"rounding", CF_WORD("Rounding")},
    {"recharge", CF_WORD("Recharge")},
    {"freeze", CF_WORD("Freeze")},
    {"release", CF_WORD("Release")},
    {"payment", CF_WORD("Payment")},
    {"settlement", CF_WORD("Settlement")},
    {"refund", CF_WORD("Refund")},
    {"withdrawal", CF_WORD("Withdrawal")},
    {"adjustment", CF_WORD("Adjustment")},
    {"manual", CF_WORD("Manual")},
    {"dispute", CF_WORD("Dispute")},
    {"available", CF_WORD("Available")},
    {"frozen", CF_WORD("Frozen")},
    {"applied", CF_WORD("Applied")},
    {"not_accepted", CF_WORD("Not accepted")},
    {"noted", CF_WORD("Noted")},
    {"queued", CF_WORD("Queued")},
    {"sending", CF_WORD("Sending")},
    {"answered", CF_WORD("Answered")},
    {"refused", CF_WORD("Refused")},
    {"withdrawn", CF_WORD("Withdrawn")},
    {"stored", CF_WORD("Stored")},
    {"ignored", CF_WORD("Ignored")},
    {"case", CF_WORD("Case")},
    {"ready", CF_WORD("Ready")},
    {"leased", CF_WORD("Running")},
    {"parked", CF_WORD("Parked")},
    {"done", CF_WORD("Done")},
    {"info", CF_WORD("Info")},
    {"warning", CF_WORD("Warning")},
    {"critical", CF_WORD("Critical")},
    {"resolved", CF_WORD("Resolved")},
    {"trying", CF_WORD("Trying")},
    {"confirming", CF_WORD("Confirming")},
    {"confirmed", CF_WORD("Confirmed")},
    {"order_event", CF_WORD("Event of an order")},
    {"order_timer", CF_WORD("Time limit of a state")},
    {"tcc_drive", CF_WORD("Confirm or cancel")},
    {"gateway_send", CF_WORD("Send to the gateway")},
    {"gateway_poll", CF_WORD("Ask the gateway")},
    {"callback_apply", CF_WORD("Apply a callback")},
    {"settlement_release", CF_WORD("Release a settlement")},
    {"hold_expiry", CF_WORD("End a freeze")},
    {"registered", CF_WORD("Registered")},
    {"tried", CF_WORD("Tried")},
};
#undef CF_WORD

QString localeName()
{
    const QLocale locale;
    return locale.language() == QLocale::C ? QStringLiteral("en_US") : locale.name();
}

/// Formatters are costly to make and good for ever; one per locale and number of decimals.
QString grouped(const QString& decimal, int decimals)
{
    thread_local QHash<std::pair<QString, int>, icu::number::LocalizedNumberFormatter> formatters;
    const auto key = std::pair(localeName(), decimals);
    auto known = formatters.find(key);
    if (known == formatters.end()) {
        known = formatters.insert(key, icu::number::NumberFormatter::withLocale(icu::Locale(key.first.toLatin1().constData()))
                                           .precision(icu::number::Precision::fixedFraction(decimals)));
    }
    UErrorCode status = U_ZERO_ERROR;
    const QByteArray digits = decimal.toLatin1();
    const icu::UnicodeString text = known->formatDecimal({digits.constData(), static_cast<int32_t>(digits.size())}, status).toString(status);
    return U_SUCCESS(status) ? QString(reinterpret_cast<const QChar*>(text.getBuffer()), text.length()) : decimal;
}

QDateTime local(UtcTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.micros() / 1000).toLocalTime();
}

QString tr(const char* text)
{
    return QCoreApplication::translate("Format", text);
}

} // namespace

QString formatMoney(const Money& amount)
{
    return grouped(amount.toDecimal(), amount.currency().minorDigits());
}

QString formatMoneyWithCode(const Money& amount)
{
    return formatMoney(amount) + QChar(QChar::Nbsp) + amount.currency().code();
}

QString formatCount(qint64 count)
{
    return grouped(QString::number(count), 0);
}

QString formatAge(Duration age)
{
    const qint64 seconds = std::abs(age.micros() / 1'000'000);
    if (seconds < 60) {
        return tr(QT_TRANSLATE_NOOP("Format", "%1 s")).arg(seconds);
    }
    if (seconds < 3600) {
        return tr(QT_TRANSLATE_NOOP("Format", "%1 min")).arg(seconds / 60);
    }
    if (seconds < 86'400) {
        return tr(QT_TRANSLATE_NOOP("Format", "%1 h")).arg(seconds / 3600);
    }
    return tr(QT_TRANSLATE_NOOP("Format", "%1 d")).arg(seconds / 86'400);
}

QString formatDistance(UtcTime time, UtcTime now)
{
    if (time.isNone()) {
        return {};
    }
    const Duration age = now - time;
    const QString pattern = age.micros() < 0 ? tr(QT_TRANSLATE_NOOP("Format", "in %1")) : tr(QT_TRANSLATE_NOOP("Format", "%1 ago"));
    return std::abs(age.micros()) < 1'000'000 ? tr(QT_TRANSLATE_NOOP("Format", "now")) : pattern.arg(formatAge(age));
}

QString formatTime(UtcTime time, UtcTime now)
{
    if (time.isNone()) {
        return {};
    }
    const QDateTime moment = local(time);
    const bool today = moment.date() == local(now).date();
    const QString clock = today ? moment.toString(QStringLiteral("HH:mm:ss"))
                                : QLocale(localeName()).toString(moment, QStringLiteral("d MMM yyyy HH:mm"));
    return clock + QStringLiteral(" · ") + formatDistance(time, now);
}

QString formatDateTime(UtcTime time)
{
    return time.isNone() ? QString() : local(time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString formatDate(UtcTime time)
{
    return time.isNone() ? QString() : local(time).toString(QStringLiteral("yyyy-MM-dd"));
}

QString stateLabel(const QString& name)
{
    for (const Word& word : words) {
        if (name == QLatin1String(word.name)) {
            return QCoreApplication::translate("State", word.label);
        }
    }
    QString label = visibleText(name);
    label.replace(u'_', u' ').replace(u'.', u' ');
    if (!label.isEmpty()) {
        label[0] = label[0].toUpper();
    }
    return label;
}

} // namespace counterfoil
