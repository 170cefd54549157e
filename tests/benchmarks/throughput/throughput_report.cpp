// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/throughput_report.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>

#include <algorithm>

namespace counterfoil {

namespace {

template<class Figure>
double median(const std::vector<RunResult>& results, Figure figure)
{
    std::vector<double> figures;
    for (const RunResult& result : results) {
        figures.push_back(figure(result));
    }
    std::ranges::sort(figures);
    const std::size_t middle = figures.size() / 2;
    return figures.empty() ? 0 : figures.size() % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
}

double rate(const std::vector<RunResult>& results)
{
    return median(results, [](const RunResult& result) { return result.rate(); });
}

double cpuMillis(const std::vector<RunResult>& results)
{
    return median(results, [](const RunResult& result) { return result.payments > 0 ? result.cpuSeconds * 1000 / static_cast<double>(result.payments) : 0; });
}

double ratio(const Comparison& comparison)
{
    const double one = rate(comparison.one);
    return one > 0 ? rate(comparison.other) / one : 0;
}

QString nameOf(DatabaseKind kind)
{
    return kind == DatabaseKind::Sqlite ? QStringLiteral("sqlite") : QStringLiteral("postgresql");
}

QJsonArray ratesOf(const std::vector<RunResult>& results)
{
    QJsonArray rates;
    for (const RunResult& result : results) {
        rates.append(result.rate());
    }
    return rates;
}

} // namespace

void Report::setRows(const RowCounts& rows, qint64 payments, qint64 commits)
{
    m_rows = rows;
    m_provenPayments = payments;
    m_provenCommits = commits;
}

QString Report::table() const
{
    QString text;
    QTextStream out(&text);
    out.setRealNumberNotation(QTextStream::FixedNotation);
    if (m_provenPayments > 0) {
        qint64 inserted = 0;
        qint64 updated = 0;
        for (const auto& [name, count] : m_rows) {
            inserted += count.inserted;
            updated += count.updated;
        }
        out.setRealNumberPrecision(1);
        const double payments = static_cast<double>(m_provenPayments);
        out << "floor and program write the same: " << static_cast<double>(inserted) / payments << " rows inserted and " << static_cast<double>(updated) / payments << " updated per payment, "
            << m_provenCommits << " commits for " << m_provenPayments << " payments\n";
    }
    out << qSetFieldWidth(14) << Qt::left << "comparison" << "database" << Qt::right << "payments" << "workers" << "first/s" << "second/s" << "ratio" << "first cpu/ms" << "second cpu/ms" << qSetFieldWidth(0) << '\n';
    for (const Comparison& comparison : m_comparisons) {
        out.setRealNumberPrecision(0);
        out << qSetFieldWidth(14) << Qt::left << comparison.name << nameOf(comparison.kind) << Qt::right << comparison.size << comparison.workers << rate(comparison.one)
            << rate(comparison.other);
        out.setRealNumberPrecision(2);
        out << ratio(comparison) << cpuMillis(comparison.one) << cpuMillis(comparison.other) << qSetFieldWidth(0) << '\n';
    }
    out << "lifecycle: first is the floor, second the program; hot merchant: first is spread merchants, second the hot one.\n"
           "cpu: of the benchmark's process per payment; on PostgreSQL the server's comes on top.\n";
    return text;
}

bool Report::write(const QString& file) const
{
    QJsonArray comparisons;
    for (const Comparison& comparison : m_comparisons) {
        comparisons.append(QJsonObject{{QStringLiteral("comparison"), comparison.name}, {QStringLiteral("database"), nameOf(comparison.kind)}, {QStringLiteral("payments"), comparison.size},
                                       {QStringLiteral("workers"), comparison.workers}, {QStringLiteral("first_per_second"), ratesOf(comparison.one)},
                                       {QStringLiteral("second_per_second"), ratesOf(comparison.other)}, {QStringLiteral("first_median"), rate(comparison.one)},
                                       {QStringLiteral("second_median"), rate(comparison.other)}, {QStringLiteral("ratio"), ratio(comparison)},
                                       {QStringLiteral("first_cpu_ms"), cpuMillis(comparison.one)}, {QStringLiteral("second_cpu_ms"), cpuMillis(comparison.other)}});
    }
    QJsonObject rows;
    for (const auto& [name, count] : m_rows) {
        rows.insert(name, QJsonObject{{QStringLiteral("inserted"), count.inserted}, {QStringLiteral("updated"), count.updated}});
    }
    const QJsonObject document{{QStringLiteral("rows"), rows}, {QStringLiteral("rows_of_payments"), m_provenPayments}, {QStringLiteral("rows_in_commits"), m_provenCommits},
                               {QStringLiteral("comparisons"), comparisons}};
    QFile out(file);
    const QByteArray text = QJsonDocument(document).toJson();
    if (!out.open(QFile::WriteOnly) || out.write(text) != text.size() || !out.flush()) {
        QTextStream(stderr) << "error: " << file << " can't be written: " << out.errorString() << '\n';
        return false;
    }
    return true;
}

} // namespace counterfoil
