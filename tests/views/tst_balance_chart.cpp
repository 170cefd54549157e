// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "views/accounts/axis_ticks.h"
#include "views/accounts/balance_chart.h"
#include "views/accounts/balance_dialog.h"

#include <QApplication>
#include <QChart>
#include <QGraphicsTextItem>
#include <QLineSeries>
#include <QSignalSpy>

#include <limits>

namespace counterfoil {

namespace {

QStringList labelsOf(const std::vector<AxisTick>& ticks)
{
    QStringList labels;
    for (const AxisTick& tick : ticks) {
        labels << tick.label;
    }
    return labels;
}

BalanceHistory sampleHistory()
{
    BalanceHistory history;
    history.account = sampleAccount(7, AccountRef::wallet(CustomerId(1), Currency()), 3'000, 500);
    history.from = sampleTime;
    history.to = sampleTime + Duration::hours(10);
    history.points = {{sampleTime, {}, usd(0), usd(0), usd(0)},
                      {sampleTime + Duration::hours(2), LedgerEntryId(10), usd(5'000), usd(0), usd(0)},
                      {sampleTime + Duration::hours(6), LedgerEntryId(20), usd(3'000), usd(500), usd(1'500)}};
    return history;
}

} // namespace

/// Axes, words and the choosing of steps.
class TestBalanceChart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<Theme>(*qApp, ThemeMode::Light); }
    void cleanupTestCase() { m_theme.reset(); }
    void init() { failOnWarnings(); }

    void putsRoundAmountsOnTheAxis_data();
    void putsRoundAmountsOnTheAxis();
    void putsRoundMomentsOnTheAxis_data();
    void putsRoundMomentsOnTheAxis();
    void drawsStepsUpToTheEnd();
    void showsItsWordsWholeAtOnce();
    void choosesAStepByClickAndKey();
    void keepsWhatWasChosen();
    void saysWhatItShows();
    void saysWhatAddingUpHasShown_data();
    void saysWhatAddingUpHasShown();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestBalanceChart::putsRoundAmountsOnTheAxis_data()
{
    constexpr qint64 biggest = std::numeric_limits<qint64>::max();
    QTest::addColumn<qint64>("low");
    QTest::addColumn<qint64>("high");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QStringList>("labels");
    QTest::newRow("nothing") << qint64{0} << qint64{0} << QStringLiteral("USD") << QStringList{QStringLiteral("0.00"), QStringLiteral("0.01")};
    QTest::newRow("dollars") << qint64{0} << qint64{4'321} << QStringLiteral("USD")
                             << QStringList{QStringLiteral("0.00"), QStringLiteral("10.00"), QStringLiteral("20.00"), QStringLiteral("30.00"), QStringLiteral("40.00"), QStringLiteral("50.00")};
    QTest::newRow("yen") << qint64{0} << qint64{4} << QStringLiteral("JPY")
                         << QStringList{QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3"), QStringLiteral("4")};
    QTest::newRow("dinars") << qint64{0} << qint64{9'000} << QStringLiteral("KWD")
                            << QStringList{QStringLiteral("0.000"), QStringLiteral("2.000"), QStringLiteral("4.000"), QStringLiteral("6.000"), QStringLiteral("8.000"), QStringLiteral("10.000")};
    QTest::newRow("below zero") << qint64{-150} << qint64{0} << QStringLiteral("USD") << QStringList{QStringLiteral("-1.50"), QStringLiteral("-1.00"), QStringLiteral("-0.50"), QStringLiteral("0.00")};
    QTest::newRow("everything") << -biggest << biggest << QStringLiteral("JPY") << QStringList();
}

void TestBalanceChart::putsRoundAmountsOnTheAxis()
{
    QFETCH(qint64, low);
    QFETCH(qint64, high);
    QFETCH(QString, currency);
    QFETCH(QStringList, labels);
    const auto ticks = moneyTicks(low, high, *Currency::parse(currency), 6);
    QVERIFY(ticks.size() >= 2 && ticks.size() <= 8);
    if (!labels.isEmpty()) {
        QCOMPARE(labelsOf(ticks), labels);
        QVERIFY(ticks.front().at <= low && ticks.back().at >= high);
    }
}

void TestBalanceChart::putsRoundMomentsOnTheAxis_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QStringList>("labels");
    QTest::newRow("no time") << qint64{0} << QStringList{QStringLiteral("12:00:00")};
    QTest::newRow("some seconds") << qint64{20} << QStringList{QStringLiteral("12:00:00"), QStringLiteral("12:00:05"), QStringLiteral("12:00:10"), QStringLiteral("12:00:15"), QStringLiteral("12:00:20")};
    QTest::newRow("some hours") << qint64{4 * 3'600} << QStringList{QStringLiteral("12:00"), QStringLiteral("13:00"), QStringLiteral("14:00"), QStringLiteral("15:00"), QStringLiteral("16:00")};
    QTest::newRow("a week") << qint64{7 * 86'400} << QStringList{QStringLiteral("3 May"), QStringLiteral("5 May"), QStringLiteral("7 May")};
    QTest::newRow("twenty years") << qint64{20 * 365 * 86'400LL} << QStringList();
}

void TestBalanceChart::putsRoundMomentsOnTheAxis()
{
    QFETCH(qint64, seconds);
    QFETCH(QStringList, labels);
    const auto ticks = timeTicks(sampleTime, sampleTime + Duration::seconds(seconds), 6);
    QVERIFY(ticks.size() <= 7);
    if (labels.isEmpty()) {
        QVERIFY(ticks.size() > 2);
    } else {
        QCOMPARE(labelsOf(ticks), labels);
    }
}

void TestBalanceChart::drawsStepsUpToTheEnd()
{
    BalanceChart chart(*m_theme);
    chart.setHistory(sampleHistory());
    const auto* available = qobject_cast<QLineSeries*>(chart.chart()->series().constFirst());
    const QList<QPointF> steps = available->points();
    QCOMPARE(steps.size(), 6);
    QCOMPARE(steps[1], QPointF(static_cast<qreal>((sampleTime + Duration::hours(2)).micros()), 0));
    QCOMPARE(steps.constLast(), QPointF(static_cast<qreal>(chart.history().to.micros()), 3'000));
    // Told apart without colours too.
    QSet<int> styles;
    for (QAbstractSeries* series : chart.chart()->series().sliced(0, 3)) {
        styles.insert(qobject_cast<QLineSeries*>(series)->pen().style());
    }
    QCOMPARE(styles.size(), 3);
    chart.setHistory({});
    QVERIFY(available->points().isEmpty());
}

void TestBalanceChart::showsItsWordsWholeAtOnce()
{
    BalanceChart chart(*m_theme);
    chart.resize(800, 165);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    // As while an account is read: nothing at first.
    chart.setHistory({});
    chart.grab();
    BalanceHistory history = sampleHistory();
    for (BalancePoint& point : history.points) {
        point.billed = usd(49'499);
    }
    chart.setHistory(history);
    chart.grab();
    QStringList words;
    for (const QGraphicsItem* item : chart.scene()->items()) {
        if (const auto* text = qgraphicsitem_cast<const QGraphicsTextItem*>(item)) {
            words << text->toPlainText();
        }
    }
    QVERIFY2(words.contains(QStringLiteral("600.00")), qPrintable(words.join(u'|')));
}

void TestBalanceChart::choosesAStepByClickAndKey()
{
    BalanceChart chart(*m_theme);
    chart.resize(800, 300);
    chart.setHistory(sampleHistory());
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    QSignalSpy chosen(&chart, &BalanceChart::pointChosen);
    const QRectF plot = chart.chart()->plotArea();
    const auto at = [&](double part) { return QPoint(static_cast<int>(plot.left() + part * plot.width()), static_cast<int>(plot.center().y())); };
    for (const auto& [part, point] : {std::pair{0.1, 0}, {0.21, 1}, {0.55, 1}, {0.598, 2}, {0.95, 2}}) {
        QTest::mouseClick(chart.viewport(), Qt::LeftButton, {}, at(part));
        QCOMPARE(chart.chosen(), point);
    }
    QCOMPARE(chosen.size(), 5);
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("30.00")));
    QTest::keyClick(&chart, Qt::Key_Escape);
    QCOMPARE(chart.chosen(), -1);
    QTest::keyClick(&chart, Qt::Key_Left);
    QCOMPARE(chart.chosen(), 2);
    QTest::keyClick(&chart, Qt::Key_Left);
    QCOMPARE(chart.chosen(), 1);
    QTest::keyClick(&chart, Qt::Key_Home);
    QTest::keyClick(&chart, Qt::Key_Left);
    QCOMPARE(chart.chosen(), 0);
    QTest::keyClick(&chart, Qt::Key_End);
    QTest::keyClick(&chart, Qt::Key_Right);
    QCOMPARE(chart.chosen(), 2);
    QCOMPARE(chart.pointAt({1, 1}), -1);
}

void TestBalanceChart::keepsWhatWasChosen()
{
    BalanceChart chart(*m_theme);
    BalanceHistory history = sampleHistory();
    chart.setHistory(history);
    chart.choose(1);
    history.points.insert(history.points.begin() + 1, {sampleTime + Duration::hours(1), LedgerEntryId(5), usd(100), usd(0), usd(0)});
    chart.setHistory(history);
    QCOMPARE(chart.chosen(), 2);
    history.points.erase(history.points.begin() + 2);
    chart.setHistory(history);
    QCOMPARE(chart.chosen(), -1);
}

void TestBalanceChart::saysWhatItShows()
{
    const QString words = historyWords(sampleHistory()).replace(QChar(QChar::Nbsp), u' ');
    QCOMPARE(words, QStringLiteral("Available went from 0.00 to 30.00 USD, between 0.00 and 50.00 · Frozen went from 0.00 to 5.00 USD · Billed went from 0.00 to 15.00 USD"));
    BalanceHistory still = sampleHistory();
    still.points.resize(1);
    QVERIFY(historyWords(still).startsWith(QStringLiteral("Available stayed at 0.00")));
    QVERIFY(historyWords({}).isEmpty());
}

void TestBalanceChart::saysWhatAddingUpHasShown_data()
{
    QTest::addColumn<qint64>("later");
    QTest::addColumn<qint64>("stated");
    QTest::addColumn<bool>("isNow");
    QTest::addColumn<QString>("words");
    QTest::newRow("now") << qint64{0} << qint64{1'234'567} << true << QStringLiteral("1,284 postings up to 2024-05-01 12:00:00 make 12,345.67 USD; the account says 12,345.67 USD.");
    QTest::newRow("the past") << qint64{100} << qint64{1'234'667} << false
                              << QStringLiteral("1,284 postings up to 2024-05-01 12:00:00 make 12,345.67 USD, and 3 that came later make 1.00 USD; the account says 12,346.67 USD.");
    QTest::newRow("wrong") << qint64{0} << qint64{1'234'566} << true
                           << QStringLiteral("The books don't agree: they are -0.01 USD apart. 1,284 postings up to 2024-05-01 12:00:00 make 12,345.67 USD; the account says 12,345.66 USD. "
                                             "Move nothing on this account; run counterfoilctl verify and tell the developers.");
}

void TestBalanceChart::saysWhatAddingUpHasShown()
{
    QFETCH(qint64, later);
    QFETCH(qint64, stated);
    QFETCH(bool, isNow);
    QFETCH(QString, words);
    const BalanceProof proof{1'284, usd(1'234'567), later == 0 ? 0 : 3, usd(later), usd(stated)};
    QCOMPARE(proofWords(proof, sampleTime, isNow).replace(QChar(QChar::Nbsp), u' '), words);
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestBalanceChart)
#include "tst_balance_chart.moc"
