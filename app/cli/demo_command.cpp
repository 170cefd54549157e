// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "app/cli/progress_line.h"
#include "app/common/command_line.h"
#include "app/common/demo_run.h"
#include "models/tables/format.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTextStream>

#include <unistd.h>

namespace counterfoil {

namespace {

constexpr int plainLineEveryMs = 5000;

QTextStream& out()
{
    static QTextStream stream(stdout);
    return stream;
}

void heading(const QString& text)
{
    out() << '\n' << text << '\n' << QString(text.size(), u'-') << '\n';
}

QString amount(const Money& money)
{
    return formatMoney(money).rightJustified(18) + u' ' + money.currency().code();
}

void printOrders(const BusinessSummary& business)
{
    heading(QStringLiteral("Orders by state"));
    for (const StateSum& sum : business.states) {
        out() << "  " << stateLabel(sum.state).leftJustified(20) << QString::number(sum.orders).rightJustified(7) << amount(sum.payable) << "   paid" << amount(sum.paid) << '\n';
    }
}

void printBalances(const BusinessSummary& business)
{
    heading(QStringLiteral("Money by account (available, frozen)"));
    for (const KindTotal& total : business.balances) {
        out() << "  " << toString(total.kind).leftJustified(14) << QString::number(total.accounts).rightJustified(5) << amount(total.available) << amount(total.frozen) << '\n';
    }
}

/// What the sandbox did to us, by kind, and what it counted.
void printGateway(const DemoSummary& summary)
{
    heading(QStringLiteral("Gateway"));
    qint64 calls = 0;
    const QJsonObject byOperation = summary.sandbox.value(QStringLiteral("operations")).toObject();
    for (const QJsonValue& count : byOperation) {
        calls += count.toInteger();
    }
    out() << "  calls answered or cut " << calls << ", charges made " << summary.sandbox.value(QStringLiteral("charges_made")).toInteger()
          << ", answers applied " << summary.worker.runner.answersApplied << ", retries " << summary.worker.runner.jobsFailed << '\n';
    QStringList faults;
    QJsonObject injected = summary.sandbox.value(QStringLiteral("faults")).toObject();
    const QJsonObject callbacks = summary.sandbox.value(QStringLiteral("callbacks")).toObject();
    for (const QString& kind : {QStringLiteral("lost"), QStringLiteral("duplicated"), QStringLiteral("delayed"), QStringLiteral("reordered")}) {
        injected.insert(QStringLiteral("callback ") + kind, callbacks.value(kind));
    }
    for (auto it = injected.begin(); it != injected.end(); ++it) {
        if (it.value().toInteger() > 0) {
            faults << QStringLiteral("%1 %2").arg(it.key()).arg(it.value().toInteger());
        }
    }
    out() << "  faults survived: " << (faults.isEmpty() ? QStringLiteral("none injected") : faults.join(QStringLiteral(", "))) << '\n';
    out() << "  callbacks stored " << summary.worker.callbacksStored << ", duplicates dropped " << summary.worker.callbacksDuplicate << ", refused " << summary.worker.callbacksRefused << '\n';
}

bool printVerification(const DemoSummary& summary)
{
    heading(QStringLiteral("Verification"));
    const Verification& verification = summary.verification;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        if (!outcome.holds()) {
            out() << "  BROKEN " << outcome.name << ": " << outcome.promise << " (" << outcome.count << " rows)\n";
            for (const Violation& violation : outcome.violations) {
                out() << "    " << violation.id << ' ' << violation.detail << '\n';
            }
        }
    }
    for (const RoundingTotal& total : verification.rounding) {
        // Hundredths of a minor unit are enough to show; the exact figure is `verify --json`'s.
        out() << "  rounding of " << total.items << " lines: " << total.micros / 1'000'000 << " minor units of " << total.currency.code() << " in all\n";
    }
    out() << "  " << verification.outcomes.size() << " invariants over " << verification.orders << " orders, " << verification.entries << " entries, "
          << verification.postings << " postings: " << (verification.holds() ? "all hold" : "BROKEN") << '\n';
    return verification.holds();
}

bool print(const DemoSummary& summary)
{
    printOrders(summary.business);
    printBalances(summary.business);
    printGateway(summary);
    const bool holds = printVerification(summary);
    out() << "\n  open cases " << summary.status.openCases << ", took " << spokenDuration(summary.elapsed) << '\n';
    if (!summary.settled) {
        out() << "  NOT FINISHED: some orders have not come to their end yet; run the demonstration again to go on\n";
    }
    out().flush();
    return holds && summary.settled;
}

} // namespace

int runDemo(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl demo"),
                     QStringLiteral("Takes 5,009 real orders through a sandbox gateway to their end, on a database of their own, and proves that the books balance."));
    line.addDatabaseOption();
    line.addLogOptions();
    line.addOption("directory", "DIR", QStringLiteral("Where the demonstration keeps its files."),
                   QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/counterfoil-demo"));
    line.addOption("scenario", "NAME", QStringLiteral("What the gateway does wrong: none, faulty, or a scenario file."), QStringLiteral("none"));
    line.addOption("seed", "NUMBER", QStringLiteral("Which faults are drawn."), QStringLiteral("1"));
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    DemoOptions options;
    options.directory = line.value("directory");
    options.scenario = line.value("scenario");
    const auto seed = line.number("seed", 0, std::numeric_limits<qint32>::max());
    if (!seed) {
        return misused(line, seed.error().detail);
    }
    options.seed = static_cast<quint64>(*seed);
    if (line.isSet("database")) {
        const auto url = line.database();
        if (!url) {
            return unusable(line, url.error(), QStringLiteral("nothing was done"));
        }
        options.database = *url;
    }
    const bool terminal = isatty(STDERR_FILENO) != 0;
    ProgressLine bar(terminal);
    options.importing = [&bar](const ImportProgressView& view) { bar.show(view); };
    options.step = [&bar](const QString& step) {
        bar.end();
        out() << "* " << step << '\n';
        out().flush();
    };
    QElapsedTimer sinceLine;
    options.settling = [terminal, &sinceLine](qint64 ended, qint64 all) {
        // Without a terminal a line now and then is enough.
        if (!terminal && ended < all && sinceLine.isValid() && sinceLine.elapsed() < plainLineEveryMs) {
            return;
        }
        sinceLine.start();
        out() << (terminal ? "\r" : "") << "  " << progressBar(ended, all) << ' ' << ended << " of " << all << " orders have ended" << (terminal && ended < all ? "" : "\n");
        out().flush();
    };
    const auto summary = runDemonstration(options);
    bar.end();
    if (!summary) {
        return unusable(line, summary.error(), QStringLiteral("the demonstration did not run to its end"));
    }
    return print(*summary) ? static_cast<int>(ExitCode::Done) : static_cast<int>(ExitCode::Failed);
}

} // namespace counterfoil
