// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "models/base/json.h"
#include "models/base/text.h"
#include "workflows/services/audit_anchor.h"
#include "workflows/services/verification.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTextStream>

namespace counterfoil {

namespace {

/// Millionths of a minor unit as minor units, exact: `-3.250000`.
QString minorText(qint64 micros)
{
    const quint64 size = micros < 0 ? quint64(0) - static_cast<quint64>(micros) : static_cast<quint64>(micros);
    return QStringLiteral("%1%2.%3").arg(micros < 0 ? QStringLiteral("-") : QString()).arg(size / 1'000'000).arg(size % 1'000'000, 6, 10, QLatin1Char('0'));
}

QJsonObject document(const Verification& verification)
{
    QJsonArray invariants;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        QJsonArray violations;
        for (const Violation& violation : outcome.violations) {
            violations.append(QJsonObject{{QStringLiteral("id"), violation.id}, {QStringLiteral("detail"), violation.detail}});
        }
        invariants.append(QJsonObject{{QStringLiteral("name"), outcome.name}, {QStringLiteral("promise"), outcome.promise}, {QStringLiteral("holds"), outcome.holds()},
                                      {QStringLiteral("count"), outcome.count}, {QStringLiteral("violations"), violations}});
    }
    QJsonArray rounding;
    for (const RoundingTotal& total : verification.rounding) {
        rounding.append(QJsonObject{{QStringLiteral("currency"), total.currency.lowerCode()}, {QStringLiteral("items"), total.items}, {QStringLiteral("micros"), total.micros}});
    }
    const AuditSummary& audit = verification.audit;
    const QJsonObject chain{{QStringLiteral("sealed"), audit.sealed},     {QStringLiteral("position"), audit.position},
                            {QStringLiteral("chain_sha256"), audit.headSha256}, {QStringLiteral("unsealed"), audit.unsealed},
                            {QStringLiteral("oldest_unsealed"), audit.oldestUnsealed.toIso()}, {QStringLiteral("late"), audit.late}};
    return {{QStringLiteral("audit"), chain},
            {QStringLiteral("holds"), verification.holds()},       {QStringLiteral("invariants"), invariants},      {QStringLiteral("rounding"), rounding},
            {QStringLiteral("orders"), verification.orders},       {QStringLiteral("accounts"), verification.accounts}, {QStringLiteral("entries"), verification.entries},
            {QStringLiteral("postings"), verification.postings}};
}

void printAudit(QTextStream& out, const AuditSummary& audit)
{
    out << audit.sealed << " audit rows are sealed";
    if (audit.position > 0) {
        out << ", the chain ends at " << audit.position << ' ' << audit.headSha256;
    }
    out << '\n';
    if (audit.unsealed > 0) {
        out << audit.unsealed << " wait for their seal, the oldest since " << audit.oldestUnsealed.toIso() << ": a worker seals them\n";
    }
    if (audit.late > 0) {
        out << audit.late << " were sealed more than an hour after later ones, first " << audit.firstLate.toText() << ": a clock was wrong, or they were dated back\n";
    }
}

void print(QTextStream& out, const Verification& verification, qint64 elapsedMs)
{
    for (const InvariantOutcome& outcome : verification.outcomes) {
        if (outcome.holds()) {
            out << "ok    " << outcome.name << '\n';
            continue;
        }
        out << "FAIL  " << outcome.name << ": " << outcome.count << (outcome.count == 1 ? " violation. " : " violations. ") << outcome.promise << '\n';
        for (const Violation& violation : outcome.violations) {
            out << "        " << violation.id << "  " << visibleText(violation.detail, 400) << '\n';
        }
        if (outcome.count > static_cast<qint64>(outcome.violations.size())) {
            out << "        and " << outcome.count - static_cast<qint64>(outcome.violations.size()) << " more\n";
        }
    }
    const auto broken = std::ranges::count_if(verification.outcomes, [](const InvariantOutcome& outcome) { return !outcome.holds(); });
    out << '\n' << verification.orders << " orders, " << verification.accounts << " accounts, " << verification.entries << " entries, " << verification.postings << " postings\n";
    printAudit(out, verification.audit);
    for (const RoundingTotal& total : verification.rounding) {
        out << "rounding of lines: " << minorText(total.micros) << " minor units " << total.currency.code() << " over " << total.items << " items\n";
    }
    out << (broken == 0 ? QStringLiteral("every invariant holds") : QStringLiteral("%1 of %2 invariants do not hold").arg(broken).arg(verification.outcomes.size()))
        << " (" << elapsedMs << " ms)\n";
}

} // namespace

int runVerify(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl verify"), QStringLiteral("Checks every invariant of the books, and the chain over the audit trail, in one consistent view, beside a running\nworker too. Changes nothing. "
                                                                             "Ends with 1 if one does not hold."));
    line.addDatabaseOption();
    line.addOption("anchor", "FILE", QStringLiteral("Compares the audit chain with the heads in this file, as `audit head` and the worker's --audit-anchor write them."));
    line.parser().addOption({QStringLiteral("json"), QStringLiteral("Prints the outcome as one JSON object.")});
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("nothing was verified");
    // Before the view of the database begins: a worker may add to the file meanwhile.
    const auto anchors = line.isSet("anchor") ? readAnchors(line.value("anchor")) : Result<std::vector<AuditHead>>();
    if (!anchors) {
        return unusable(line, anchors.error(), notDone);
    }
    const auto access = openDatabase(line, AccessMode::Read, SystemClock());
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    QElapsedTimer timer;
    timer.start();
    const auto verification = verifyDatabase(*access->connection, *anchors);
    if (!verification) {
        return unusable(line, verification.error(), notDone);
    }
    QTextStream out(stdout);
    if (line.isSet("json")) {
        out << QString::fromUtf8(toJson(document(*verification))) << '\n';
    } else {
        print(out, *verification, timer.elapsed());
    }
    return static_cast<int>(verification->holds() ? ExitCode::Done : ExitCode::Failed);
}

} // namespace counterfoil
