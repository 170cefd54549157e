// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/latency/latency_run.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

using namespace counterfoil;

namespace {

constexpr double medianTargetMs = 20;
constexpr double p99TargetMs = 150;

QJsonObject figures(const std::vector<double>& sorted)
{
    return {{QStringLiteral("p50_ms"), percentile(sorted, 0.5)},
            {QStringLiteral("p90_ms"), percentile(sorted, 0.9)},
            {QStringLiteral("p99_ms"), percentile(sorted, 0.99)},
            {QStringLiteral("max_ms"), sorted.empty() ? 0 : sorted.back()}};
}

void print(const char* database, const char* what, const std::vector<double>& sorted)
{
    std::printf("%-11s %-26s %6zu  %8.1f %8.1f %8.1f %8.1f\n", database, what, sorted.size(), percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 0.99),
                sorted.empty() ? 0 : sorted.back());
}

} // namespace

/// From a callback's first byte to the order being paid and visible to a listening client. On PostgreSQL too beside tests/support/with_postgresql.
int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("seconds"), QStringLiteral("How long per database."), QStringLiteral("N"), QStringLiteral("60")});
    parser.addOption({QStringLiteral("rate"), QStringLiteral("Payments per second."), QStringLiteral("N"), QStringLiteral("50")});
    parser.addOption({QStringLiteral("database"), QStringLiteral("Only this kind: sqlite or postgresql."), QStringLiteral("KIND")});
    parser.addOption({QStringLiteral("json"), QStringLiteral("Where to write the figures."), QStringLiteral("FILE")});
    parser.process(application);
    const int seconds = std::max(1, parser.value(QStringLiteral("seconds")).toInt());
    const int rate = std::clamp(parser.value(QStringLiteral("rate")).toInt(), 1, 200);

    std::printf("%-11s %-26s %6s  %8s %8s %8s %8s\n", "", "from the first byte to", "n", "p50 ms", "p90 ms", "p99 ms", "max ms");
    QJsonArray runs;
    bool good = true;
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* const name = kind == DatabaseKind::Sqlite ? "SQLite" : "PostgreSQL";
        if (parser.isSet(QStringLiteral("database")) && parser.value(QStringLiteral("database")) != QString::fromLatin1(name).toLower()) {
            continue;
        }
        LatencyRun run(kind, rate, seconds);
        const QString problem = run.run();
        const LatencyReport& report = run.report();
        print(name, "200 for the callback", report.answeredMs);
        print(name, "paid and visible", report.visibleMs);
        std::printf("%-11s %d placed, %d called back, %d seen, %.1f per second %s\n", name, report.placed, report.called, report.seen, report.ordersPerSecond, qPrintable(problem));
        std::fflush(stdout);
        const bool kept = problem.isEmpty() && percentile(report.visibleMs, 0.5) <= medianTargetMs && percentile(report.visibleMs, 0.99) <= p99TargetMs;
        good = good && kept;
        runs.append(QJsonObject{{QStringLiteral("database"), QLatin1String(name)},
                                {QStringLiteral("seconds"), seconds},
                                {QStringLiteral("payments_per_second"), rate},
                                {QStringLiteral("payments"), report.seen},
                                {QStringLiteral("answered"), figures(report.answeredMs)},
                                {QStringLiteral("visible"), figures(report.visibleMs)},
                                {QStringLiteral("problem"), problem},
                                {QStringLiteral("within_target"), kept}});
    }
    if (parser.isSet(QStringLiteral("json"))) {
        QFile file(parser.value(QStringLiteral("json")));
        const QByteArray text = QJsonDocument(QJsonObject{{QStringLiteral("latency"), runs}}).toJson();
        if (!file.open(QFile::WriteOnly) || file.write(text) != text.size()) {
            std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
            return 2;
        }
    }
    std::printf("target: p50 <= %.0f ms, p99 <= %.0f ms: %s\n", medianTargetMs, p99TargetMs, good ? "kept" : "missed");
    return good ? 0 : 1;
}
