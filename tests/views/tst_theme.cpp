// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/support/slowness.h"
#include "tests/views/console_fixture.h"
#include "views/theme/theme.h"
#include "views/widgets/figures.h"
#include "views/widgets/labels.h"
#include "views/widgets/payload_viewer.h"
#include "views/widgets/words.h"

#include <QElapsedTimer>
#include <QImage>
#include <QPainter>

using namespace counterfoil;

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void contrastRatioMatchesTheStandard()
    {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        QVERIFY(qAbs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void textHasContrast_data()
    {
        QTest::addColumn<QColor>("ink");
        QTest::addColumn<QColor>("ground");
        QTest::addColumn<double>("least");
        for (const Tokens* t : {&lightTokens(), &darkTokens()}) {
            const char* look = t->dark ? "dark" : "light";
            const std::initializer_list<std::pair<const char*, QColor>> grounds{
                {"window", t->window}, {"surface", t->surface}, {"raised", t->raised}, {"hover", t->hover}, {"accent soft", t->accentSoft}};
            for (const auto& [name, ground] : grounds) {
                QTest::addRow("%s text on %s", look, name) << t->text << ground << 4.5;
                QTest::addRow("%s secondary on %s", look, name) << t->secondary << ground << 4.5;
                QTest::addRow("%s focus ring on %s", look, name) << t->accent << ground << 3.0;
            }
            QTest::addRow("%s link on surface", look) << t->accent << t->surface << 4.5;
            QTest::addRow("%s text on accent", look) << t->onAccent << t->accent << 4.5;
            for (const Tone tone : allTones) {
                QTest::addRow("%s badge %d", look, static_cast<int>(tone)) << t->tone(tone).text << t->tone(tone).soft << 4.5;
                QTest::addRow("%s tone %d on surface", look, static_cast<int>(tone)) << t->tone(tone).text << t->surface << 4.5;
            }
        }
    }
    void textHasContrast()
    {
        QFETCH(QColor, ink);
        QFETCH(QColor, ground);
        QFETCH(double, least);
        QVERIFY2(contrastRatio(ink, ground) >= least, qPrintable(QString::number(contrastRatio(ink, ground))));
    }

    void everyIconIsDrawnInTheAskedColour_data()
    {
        QTest::addColumn<int>("icon");
        for (const auto& [icon, name] : allIcons()) {
            QTest::newRow(name) << static_cast<int>(icon);
        }
    }
    void everyIconIsDrawnInTheAskedColour()
    {
        QFETCH(int, icon);
        ConsoleFixture::theme();
        for (const int size : {16, 20}) {
            const QImage image = iconPixmap(static_cast<Icon>(icon), size, Qt::red, 1.0).toImage().convertToFormat(QImage::Format_ARGB32);
            QCOMPARE(image.size(), QSize(size, size));
            int inked = 0;
            for (int y = 0; y < size; ++y) {
                for (int x = 0; x < size; ++x) {
                    const QColor pixel = image.pixelColor(x, y);
                    if (pixel.alpha() > 128) {
                        ++inked;
                        QVERIFY2(pixel.red() > 200 && pixel.green() < 60 && pixel.blue() < 60, qPrintable(pixel.name()));
                    }
                }
            }
            QVERIFY2(inked > 8, "the icon is empty");
        }
    }

    void styleSheetHasNoUnfilledToken()
    {
        for (const Tokens* tokens : {&lightTokens(), &darkTokens()}) {
            const QString sheet = styleSheetOf(*tokens);
            QVERIFY(!sheet.contains(QLatin1Char('@')));
            QVERIFY(!sheet.contains(QStringLiteral("url(")));
        }
    }

    void changingTheModeTellsAndChangesThePalette()
    {
        Theme& theme = ConsoleFixture::theme();
        int told = 0;
        const auto connection = connect(&theme, &Theme::changed, this, [&told] { ++told; });
        theme.setMode(ThemeMode::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), darkTokens().window);
        theme.setMode(ThemeMode::Light);
        QCOMPARE(QApplication::palette().color(QPalette::Window), lightTokens().window);
        QCOMPARE(told, 2);
        disconnect(connection);
    }

    void labelsNeverBecomeRichText()
    {
        PlainLabel label(ConsoleFixture::theme(), QStringLiteral("<img src='/dev/zero'><b>x</b>\u202e"));
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QVERIFY(label.text().startsWith(QStringLiteral("<img src")));
        QVERIFY(!label.text().contains(QChar(0x202e)));
        QVERIFY(!plainToolTip(QStringLiteral("<img src='/dev/zero'>")).contains(QStringLiteral("<img")));
    }

    void hostileLabelIsDrawnQuickly()
    {
        QElapsedTimer clock;
        clock.start();
        PlainLabel label(ConsoleFixture::theme(), hostileText());
        label.resize(400, 30);
        label.grab();
        QVERIFY2(clock.elapsed() < 1000 * slowness, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(label.text().size() <= 257);
    }

    void payloadsAreIndentedWithoutChangingThem_data()
    {
        QTest::addColumn<QString>("payload");
        QTest::addColumn<QString>("expected");
        QTest::newRow("object") << QStringLiteral("{\"a\":1,\"b\":[true,null]}") << QStringLiteral("{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}");
        QTest::newRow("big number stays exact") << QStringLiteral("{\"n\":9007199254740993.10}") << QStringLiteral("{\n  \"n\": 9007199254740993.10\n}");
        QTest::newRow("braces in strings") << QStringLiteral("{\"a\":\"{\\\"x,:}\"}") << QStringLiteral("{\n  \"a\": \"{\\\"x,:}\"\n}");
        QTest::newRow("empty parts") << QStringLiteral("{\"a\":{ },\"b\":[]}") << QStringLiteral("{\n  \"a\": {},\n  \"b\": []\n}");
        QTest::newRow("plain text") << QStringLiteral("amount=105&currency=usd") << QStringLiteral("amount=105&currency=usd");
        QTest::newRow("bidi is shown") << QStringLiteral("a\u202eb") << QStringLiteral("a\\u202eb");
        QTest::newRow("unbalanced") << QStringLiteral("]}}") << QStringLiteral("]}}");
    }
    void payloadsAreIndentedWithoutChangingThem()
    {
        QFETCH(QString, payload);
        QFETCH(QString, expected);
        QCOMPARE(readablePayload(payload), expected);
    }

    void longPayloadsAreCutWithARemark()
    {
        const QString shown = readablePayload(QStringLiteral("x").repeated(5000), 1000);
        QVERIFY(shown.size() < 1200);
        QVERIFY(shown.contains(QStringLiteral("5000")));
    }

    void hostilePayloadIsShownQuickly()
    {
        PayloadViewer viewer(ConsoleFixture::theme(), QStringLiteral("Body"));
        viewer.resize(400, 300);
        viewer.setPayload(QStringLiteral("{\"name\":\"") + hostileText().repeated(10));
        QElapsedTimer slowest;
        qint64 longestMs = 0;
        while (viewer.shownText().isEmpty() || longestMs == 0) {
            slowest.start();
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            viewer.grab();
            longestMs = std::max<qint64>({longestMs, slowest.elapsed(), viewer.shownText().isEmpty() ? 0 : 1});
        }
        QVERIFY2(longestMs < 1000, qPrintable(QString::number(longestMs)));
        QVERIFY(viewer.shownText().contains(QStringLiteral("\\u202e")));
    }

    void figuresHaveEqualWidth()
    {
        const QFont font = ConsoleFixture::theme().font(TextRole::Body);
        QCOMPARE(figuresWidth(QStringLiteral("1,111.11"), font), figuresWidth(QStringLiteral("8,888.88"), font));
    }

    void unknownStatesAreShownInWords()
    {
        const Look look = lookOf(QStringLiteral("waiting_for_godot"));
        QCOMPARE(look.word, QStringLiteral("Waiting for godot"));
        QCOMPARE(look.tone, Tone::Neutral);
        QVERIFY(isKindName(QStringLiteral("gateway")));
        QVERIFY(!isKindName(QStringLiteral("shipped")));
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
