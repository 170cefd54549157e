// SPDX-License-Identifier: GPL-3.0-or-later
// What a payment costs as a ratio to the least that the database could do for it. Called by tests/benchmarks/run.
#include "tests/benchmarks/throughput/throughput_report.h"
#include "tests/benchmarks/throughput/throughput_stage.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTextStream>

#include <algorithm>

using namespace counterfoil;

namespace {

QList<qint64> numbersOf(const QString& text)
{
    QList<qint64> numbers;
    for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
        bool isNumber = false;
        numbers << part.toLongLong(&isNumber);
        if (!isNumber || numbers.back() < 0) {
            qFatal("benchmark: %s is no list of numbers", qPrintable(text));
        }
    }
    return numbers;
}

struct Plan {
    DatabaseKind kind = DatabaseKind::Sqlite;
    QList<qint64> sizes;
    QList<qint64> workers;
    int rounds = 3;
    /// Of each of the two things that are compared.
    qint64 seconds = 60;
    bool hot = true;
    bool verifies = false;

    qint64 sliceMs() const { return std::max<qint64>(1, seconds * 1000 / rounds); }
};

/// Program and floor in turns, so that the noise of the machine hits both.
void compare(Stage& stage, Report& report, const Plan& plan, qint64 size, int workers)
{
    Comparison comparison{QStringLiteral("lifecycle"), plan.kind, size, workers, {}, {}};
    for (int round = 0; round < plan.rounds; ++round) {
        comparison.one.push_back(stage.run(Side::Floor, workers, Spread::ThreeMerchants, plan.sliceMs()));
        comparison.other.push_back(stage.run(Side::Program, workers, Spread::ThreeMerchants, plan.sliceMs()));
    }
    report.add(comparison);
}

void compareHot(Stage& stage, Report& report, const Plan& plan)
{
    const int workers = 8;
    Comparison comparison{QStringLiteral("hot merchant"), plan.kind, 0, workers, {}, {}};
    for (int round = 0; round < plan.rounds; ++round) {
        comparison.one.push_back(stage.run(Side::Program, workers, Spread::OneMerchant, plan.sliceMs()));
        comparison.other.push_back(stage.run(Side::Program, workers, Spread::HotMerchant, plan.sliceMs()));
    }
    report.add(comparison);
}

void runSizes(Report& report, const Plan& plan, const QString& folder)
{
    for (const qint64 size : plan.sizes) {
        Stage stage(plan.kind, folder);
        stage.preloadTo(size);
        if (plan.verifies) {
            stage.verify();
        }
        // The size is the question at every size, the number of workers only once.
        for (const qint64 workers : plan.kind == DatabaseKind::Sqlite ? QList<qint64>{1} : size == 0 ? plan.workers : QList<qint64>{plan.workers.back()}) {
            compare(stage, report, plan, size, static_cast<int>(workers));
        }
    }
    if (plan.hot && plan.kind == DatabaseKind::Postgresql) {
        Stage stage(plan.kind, folder);
        compareHot(stage, report, plan);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addOptions({{QStringLiteral("database"), QStringLiteral("sqlite or postgresql"), QStringLiteral("kind"), QStringLiteral("sqlite")},
                       {QStringLiteral("seconds"), QStringLiteral("time of each side of a comparison"), QStringLiteral("number"), QStringLiteral("60")},
                       {QStringLiteral("sizes"), QStringLiteral("payments that are there before"), QStringLiteral("list"), QStringLiteral("0")},
                       {QStringLiteral("workers"), QStringLiteral("PostgreSQL: numbers of workers"), QStringLiteral("list"), QStringLiteral("1,2,8")},
                       {QStringLiteral("rounds"), QStringLiteral("turns of each side"), QStringLiteral("number"), QStringLiteral("3")},
                       {QStringLiteral("folder"), QStringLiteral("where SQLite files are made"), QStringLiteral("path"), QStringLiteral(".")},
                       {QStringLiteral("json"), QStringLiteral("where the report is written"), QStringLiteral("file")},
                       {QStringLiteral("verify"), QStringLiteral("check every invariant of the preloaded database first")},
                       {QStringLiteral("no-hot"), QStringLiteral("leave the hot merchant out")},
                       {QStringLiteral("no-proof"), QStringLiteral("don't compare the rows that both write")},
                       {QStringLiteral("only"), QStringLiteral("run this side once for so many seconds and end: for profiling"), QStringLiteral("program|floor")}});
    parser.addHelpOption();
    parser.process(application);
    Plan plan;
    plan.kind = parser.value(QStringLiteral("database")) == u"sqlite" ? DatabaseKind::Sqlite : DatabaseKind::Postgresql;
    plan.sizes = numbersOf(parser.value(QStringLiteral("sizes")));
    plan.workers = numbersOf(parser.value(QStringLiteral("workers")));
    plan.rounds = static_cast<int>(std::max<qint64>(1, numbersOf(parser.value(QStringLiteral("rounds"))).value(0, 1)));
    plan.seconds = numbersOf(parser.value(QStringLiteral("seconds"))).value(0, 60);
    plan.hot = !parser.isSet(QStringLiteral("no-hot"));
    plan.verifies = parser.isSet(QStringLiteral("verify"));
    const QString folder = parser.value(QStringLiteral("folder"));
    if (parser.isSet(QStringLiteral("only"))) {
        Stage stage(plan.kind, folder);
        stage.preloadTo(plan.sizes.value(0, 0));
        const RunResult result = stage.run(parser.value(QStringLiteral("only")) == u"floor" ? Side::Floor : Side::Program, static_cast<int>(plan.workers.value(0, 1)), Spread::ThreeMerchants,
                                           plan.seconds * 1000);
        QTextStream(stdout) << result.payments << " payments in " << result.commits << " commits, " << result.rate() << " a second, "
                            << result.cpuSeconds * 1000 / static_cast<double>(std::max<qint64>(1, result.payments)) << " ms cpu each\n";
        return 0;
    }
    Report report;
    if (!parser.isSet(QStringLiteral("no-proof"))) {
        const QStringList proof = proveSameRows(plan.kind, folder, report);
        for (const QString& line : proof) {
            QTextStream(stderr) << "program against floor: " << line << '\n';
        }
        if (!proof.isEmpty()) {
            return 1;
        }
    }
    runSizes(report, plan, folder);
    QTextStream(stdout) << report.table();
    return parser.isSet(QStringLiteral("json")) && !report.write(parser.value(QStringLiteral("json"))) ? 1 : 0;
}
