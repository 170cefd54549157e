// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/forensic_words.h"

#include "models/base/text.h"
#include "models/tables/format.h"

#include <QCoreApplication>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ForensicWords", text);
}

Look good()
{
    return {tr("Good"), Icon::Check, Tone::Success};
}

Look bad()
{
    return {tr("Bad"), Icon::Cancel, Tone::Danger};
}

Look notLookedAt()
{
    return {tr("Not reached"), Icon::Pause, Tone::Neutral};
}

QString schemesOf(const CallbackForensics& found)
{
    QStringList schemes;
    for (const SignatureItem& item : found.items) {
        schemes << (item.scheme.isEmpty() ? tr("an item without =") : visibleText(QString::fromUtf8(item.scheme), 16));
    }
    schemes.removeDuplicates();
    return schemes.join(QStringLiteral(", "));
}

ForensicStep headerStep(const CallbackForensics& found)
{
    const QString title = tr("The header");
    if (found.items.empty()) {
        return {bad(), title, tr("It is empty. A request without Stripe-Signature does not come from the gateway, or a proxy takes the header out.")};
    }
    if (!found.timestamp) {
        return {bad(), title, tr("It needs exactly one t= with a number of seconds. It has: %1.").arg(schemesOf(found))};
    }
    if (found.signatures == 0) {
        return {bad(), title, tr("It has no v1= signature; no other scheme counts. It has: %1.").arg(schemesOf(found))};
    }
    if (found.wellFormedSignatures == 0) {
        return {bad(), title, tr("Its v1= is not 64 hexadecimal digits: part of the header was lost or changed.")};
    }
    const QString when = formatDateTime(UtcTime(*found.timestamp * 1'000'000));
    return {good(), title, found.signatures == 1 ? tr("Signed at %1, with one v1 signature.").arg(when) : tr("Signed at %1, with %2 v1 signatures.").arg(when).arg(found.signatures)};
}

ForensicStep signatureStep(const CallbackForensics& found)
{
    const QString title = tr("The signature");
    if (!found.timestamp || found.wellFormedSignatures == 0) {
        return {notLookedAt(), title, tr("There is nothing to compare with.")};
    }
    if (found.secrets == 0) {
        return {bad(), title, tr("No secret was given to compare with.")};
    }
    if (found.fittingSecret) {
        const QString text = found.secrets == 1 ? tr("It fits the time and the body under the secret.")
                                                : tr("It fits the time and the body under secret %1 of %2.").arg(*found.fittingSecret + 1).arg(found.secrets);
        return {good(), title, text};
    }
    return {bad(), title, tr("It does not fit the time and the body under any secret that was given: something of the three is not what was signed.")};
}

ForensicStep clockStep(const CallbackForensics& found, Duration tolerance)
{
    const QString title = tr("The clock");
    if (!found.ageSeconds) {
        return {notLookedAt(), title, tr("The header names no time.")};
    }
    const QString limit = formatAge(tolerance);
    const QString age = formatAge(Duration::seconds(*found.ageSeconds));
    if (found.isInTime) {
        return {good(), title, *found.ageSeconds < 0 ? tr("Signed %1 later than the moment of receipt; up to %2 are accepted.").arg(age, limit)
                                                     : tr("Signed %1 before the moment of receipt; up to %2 are accepted.").arg(age, limit)};
    }
    return *found.ageSeconds < 0
        ? ForensicStep{bad(), title, tr("Signed %1 later than the moment of receipt, which is more than %2: the clock of this side is behind.").arg(age, limit)}
        : ForensicStep{bad(), title, tr("Signed %1 before the moment of receipt, which is more than %2: it was held up, sent again by somebody, or the clock of this side is ahead.").arg(age, limit)};
}

ForensicStep bodyStep(const CallbackForensics& found)
{
    const QString title = tr("The body");
    if (found.event) {
        return {good(), title, tr("It is the event %1 of the type %2.").arg(visibleText(found.event->eventId, 64), visibleText(found.event->type, 64))};
    }
    return {bad(), title, tr("It is no event that a worker can read (%1).").arg(visibleText(found.event.error().detail, 160))};
}

QString changeWords(ForensicChange change)
{
    switch (change) {
    case ForensicChange::BodyTrimmed: return tr("without the space or line end around the body");
    case ForensicChange::LineEndAdded: return tr("with a line end behind the body");
    case ForensicChange::CrlfToLf: return tr("with the line ends \\n instead of \\r\\n");
    case ForensicChange::LfToCrlf: return tr("with the line ends \\r\\n instead of \\n");
    case ForensicChange::JsonCompact: return tr("with the JSON written without any space");
    case ForensicChange::JsonSpaced: return tr("with the JSON on one line, a space behind every colon and comma");
    case ForensicChange::JsonIndented: return tr("with the JSON indented by two");
    case ForensicChange::MarkTakenOff: return tr("without the byte order mark in front of the body");
    case ForensicChange::SecretTrimmed: return tr("without the space or quotes around the secret");
    case ForensicChange::SecretWithPrefix: return tr("with whsec_ in front of the secret");
    case ForensicChange::OtherScheme: return tr("if another scheme's signature counted as v1");
    }
    return {};
}

/// What has to be mended, by the change that stands for most.
QString remedyOf(const ForensicGuess& guess)
{
    using enum ForensicChange;
    if (guess.contains(OtherScheme)) {
        return tr("The header came from a test or an old version. Only v1 proves anything.");
    }
    if (guess.contains(SecretTrimmed) || guess.contains(SecretWithPrefix)) {
        return tr("Correct the secret where the worker's settings hold it.");
    }
    if (guess.contains(JsonCompact) || guess.contains(JsonSpaced) || guess.contains(JsonIndented)) {
        return tr("Something on the way reads the JSON and writes it anew, or it was copied from a place that does. Pass the bytes on as they came.");
    }
    return tr("Something on the way, or copying, changes the text. Pass the bytes on as they came.");
}

} // namespace

ForensicStep verdictWords(const CallbackForensics& found)
{
    if (found.verdict && found.event) {
        return {good(), tr("This callback is accepted"), tr("A worker stores it and applies it.")};
    }
    if (found.verdict) {
        return {{tr("Refused"), Icon::Warning, Tone::Warning}, tr("The signature is good, but the body can't be read"), tr("A worker refuses it with 400; nothing of it is kept.")};
    }
    const Look refused{tr("Refused"), Icon::Cancel, Tone::Danger};
    switch (found.verdict.error().code) {
    case ErrorCode::SignatureStale:
        return {{tr("Refused"), Icon::Clock, Tone::Warning}, tr("The signature is right, but not of this time"), tr("Who sent it knew the secret. Ask the gateway to send the event again.")};
    case ErrorCode::SignatureInvalid:
        return found.guesses.empty() ? ForensicStep{refused, tr("The signature is not right"), tr("Nothing that usually goes wrong explains it: compare the secret with the gateway's page, and the endpoint it belongs to.")}
                                     : ForensicStep{refused, tr("The signature is not right as it stands"), tr("There is an explanation below.")};
    default: break;
    }
    return {refused, tr("The header can't be read"), tr("A worker refuses it with 400 before it looks at the body.")};
}

std::vector<ForensicStep> forensicSteps(const CallbackForensics& found, Duration tolerance)
{
    std::vector<ForensicStep> steps{headerStep(found), signatureStep(found), clockStep(found, tolerance), bodyStep(found)};
    for (const ForensicGuess& guess : found.guesses) {
        QStringList changes;
        for (const ForensicChange change : guess) {
            changes << changeWords(change);
        }
        steps.push_back({{tr("Explains it"), Icon::Visible, Tone::Info},
                         tr("It would be right %1").arg(changes.join(tr(" and "))),
                         found.isInTime ? remedyOf(guess) : tr("%1 It would still not be of this time.").arg(remedyOf(guess))});
    }
    return steps;
}

} // namespace counterfoil
