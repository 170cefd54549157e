// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/common/command_line.h"
#include "app/simulation/simulation.h"
#include "models/base/json.h"
#include "models/base/planted_bug.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTextStream>

namespace counterfoil {

namespace {

constexpr qint64 progressEveryMs = 10'000;
constexpr int failuresShownMax = 10;

struct SeedRange {
    quint64 first = 1;
    quint64 last = 1;
};

/// `7` or `1..3000`.
Result<SeedRange> parseSeeds(const QString& text)
{
    const qsizetype dots = text.indexOf(QStringLiteral(".."));
    bool isFirst = false;
    bool isLast = false;
    const SeedRange range{(dots < 0 ? text : text.left(dots)).toULongLong(&isFirst), (dots < 0 ? text : text.mid(dots + 2)).toULongLong(&isLast)};
    if (!isFirst || !isLast || range.last < range.first) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--seeds takes a number or a range like 1..3000, not '%1'").arg(text.left(40)));
    }
    return range;
}

Result<std::optional<FaultSet>> parseFaults(const QString& text)
{
    if (text.isEmpty()) {
        return std::nullopt;
    }
    FaultSet faults;
    for (const QString& word : text.split(u',', Qt::SkipEmptyParts)) {
        const auto fault = FaultAt::parse(word);
        if (!fault) {
            return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--faults: %1").arg(fault.error().detail));
        }
        faults.insert(*fault);
    }
    return faults;
}

Result<void> plantNamed(const QString& name)
{
    if (name.isEmpty()) {
        return {};
    }
#ifdef COUNTERFOIL_PLANTED_BUGS
    const auto bug = parseEnum<PlantedBug>(name);
    if (!bug) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--plant: %1").arg(bug.error().detail));
    }
    plant(*bug);
    return {};
#else
    return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--plant: only builds with tests can make mistakes on purpose"));
#endif
}

/// What all seeds together came to.
struct Totals {
    std::array<qint64, faultKindCount> faults{};
    qint64 runs = 0;
    qint64 failed = 0;
    qint64 commits = 0;
    qint64 checks = 0;
    qint64 placed = 0;
    qint64 paid = 0;
    quint64 hash = 0;

    void add(const SimulationOutcome& outcome)
    {
        ++runs;
        failed += outcome.violations.isEmpty() ? 0 : 1;
        commits += outcome.commits;
        checks += outcome.checks;
        placed += outcome.ordersPlaced;
        paid += outcome.ordersPaid;
        hash = hash * 31 + outcome.traceHash;
        for (const FaultAt& fault : outcome.faults) {
            ++faults[static_cast<std::size_t>(fault.kind)];
        }
    }
};

QString faultList(const FaultSet& faults)
{
    QStringList words;
    for (const FaultAt& fault : faults) {
        words << fault.toText();
    }
    return words.join(u',');
}

/// What failed, the fewest faults that make it fail, and how to see it again.
Result<void> report(QTextStream& out, const SimulationOptions& options, const SimulationOutcome& outcome, const QString& planted)
{
    out << "seed " << options.seed << " FAILS with " << outcome.faults.size() << " faults\n";
    for (const QString& violation : outcome.violations.first(std::min<qsizetype>(outcome.violations.size(), 5))) {
        out << "    " << violation << '\n';
    }
    out.flush();
    CF_ASSIGN(const SimulationOutcome least, shrink(options, outcome));
    out << "  shrunk to " << least.faults.size() << " faults: " << least.violations.first() << '\n';
    out << "  replay: counterfoilctl simulate --seeds " << options.seed << " --payments " << options.payments << (planted.isEmpty() ? QString() : QStringLiteral(" --plant ") + planted)
        << " --trace --faults \"" << (least.faults.empty() ? QStringLiteral("none") : faultList(least.faults)) << "\"\n";
    out.flush();
    return {};
}

void summarise(QTextStream& out, const Totals& totals, qint64 elapsedMs)
{
    out << "\nfaults\n";
    for (std::size_t i = 0; i < faultKindCount; ++i) {
        out << "  " << toString(static_cast<FaultKind>(i)).leftJustified(26) << QString::number(totals.faults[i]).rightJustified(10) << '\n';
    }
    out << '\n'
        << totals.runs << " seeds, " << totals.placed << " orders placed, " << totals.paid << " paid, " << totals.commits << " commits, books checked " << totals.checks << " times\n"
        << "trace hash " << QString::number(totals.hash, 16).rightJustified(16, u'0') << '\n'
        << totals.failed << " seeds with violations, " << elapsedMs / 1000 << '.' << elapsedMs % 1000 / 100 << " s\n";
}

QJsonObject document(const Totals& totals, qint64 elapsedMs)
{
    QJsonObject faults;
    for (std::size_t i = 0; i < faultKindCount; ++i) {
        faults.insert(toString(static_cast<FaultKind>(i)), totals.faults[i]);
    }
    return {{QStringLiteral("seeds"), totals.runs},     {QStringLiteral("seeds_with_violations"), totals.failed}, {QStringLiteral("orders_placed"), totals.placed},
            {QStringLiteral("orders_paid"), totals.paid}, {QStringLiteral("commits"), totals.commits},            {QStringLiteral("checks"), totals.checks},
            {QStringLiteral("elapsed_ms"), elapsedMs},  {QStringLiteral("trace_hash"), QString::number(totals.hash, 16)}, {QStringLiteral("faults"), faults}};
}

struct SimulateSettings {
    SeedRange seeds;
    SimulationOptions each;
    QString planted;
    bool isTraced = false;
};

Result<SimulateSettings> readSettings(const CommandLine& line)
{
    SimulateSettings settings;
    CF_ASSIGN(settings.seeds, parseSeeds(line.value("seeds")));
    CF_ASSIGN(const qint64 payments, line.number("payments", 1, 1000));
    settings.each.payments = static_cast<int>(payments);
    CF_ASSIGN(settings.each.only, line.value("faults") == u"none" ? Result<std::optional<FaultSet>>(FaultSet()) : parseFaults(line.value("faults")));
    settings.planted = line.value("plant");
    settings.isTraced = line.isSet("trace");
    CF_TRY(plantNamed(settings.planted));
    return settings;
}

Result<Totals> runSeeds(QTextStream& out, const SimulateSettings& settings)
{
    Totals totals;
    QElapsedTimer sinceShown;
    sinceShown.start();
    for (quint64 seed = settings.seeds.first; seed <= settings.seeds.last; ++seed) {
        SimulationOptions options = settings.each;
        options.seed = seed;
        if (settings.isTraced) {
            options.trace = [&out](const QString& text) { out << text << '\n'; };
        }
        CF_ASSIGN(const SimulationOutcome outcome, simulate(options));
        totals.add(outcome);
        if (!outcome.violations.isEmpty() && totals.failed <= failuresShownMax) {
            CF_TRY(report(out, options, outcome, settings.planted));
        }
        if (sinceShown.elapsed() >= progressEveryMs) {
            QTextStream(stderr) << totals.runs << " of " << settings.seeds.last - settings.seeds.first + 1 << " seeds, " << totals.failed << " with violations\n";
            sinceShown.restart();
        }
    }
    return totals;
}

} // namespace

int runSimulate(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl simulate"),
                     QStringLiteral("Runs a small shop in memory, with the real engine under a virtual clock, while everything goes wrong that can, and then checks\n"
                                    "the books against the gateway's truth. The same seed does the same. Touches no database. Ends with 1 if a seed has a violation."));
    line.addOption("seeds", "RANGE", QStringLiteral("One seed, or a range like 1..3000."), QStringLiteral("1..100"));
    line.addOption("payments", "N", QStringLiteral("Orders per seed."), QStringLiteral("20"));
    line.addOption("faults", "LIST", QStringLiteral("Only these of the seed's faults: kind#number,…, or none."));
    line.addOption("plant", "BUG", QStringLiteral("Makes a mistake on purpose, which has to be found (builds with tests only)."));
    line.parser().addOption({QStringLiteral("trace"), QStringLiteral("Prints everything that happens.")});
    line.parser().addOption({QStringLiteral("json"), QStringLiteral("Prints the summary as one JSON object.")});
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    const auto settings = readSettings(line);
    if (!settings) {
        return static_cast<int>(line.complain(settings.error(), QStringLiteral("nothing was simulated")));
    }
    QTextStream out(stdout);
    QElapsedTimer timer;
    timer.start();
    const auto totals = runSeeds(out, *settings);
    if (!totals) {
        return static_cast<int>(line.complain(totals.error(), QStringLiteral("the simulation was not finished")));
    }
    if (line.isSet("json")) {
        out << QString::fromUtf8(toJson(document(*totals, timer.elapsed()))) << '\n';
    } else {
        summarise(out, *totals, timer.elapsed());
    }
    return static_cast<int>(totals->failed == 0 ? ExitCode::Done : ExitCode::Failed);
}

} // namespace counterfoil
