// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <QFile>

#include <limits>

namespace counterfoil {

namespace {

constexpr qint64 smallest = std::numeric_limits<qint64>::min();
constexpr qint64 greatest = std::numeric_limits<qint64>::max();

const QString insertText = QStringLiteral("INSERT INTO probe (id, body) VALUES (?, ?)");

Result<QStringList> textsOf(Connection& connection, const QString& sql, const QVariantList& values = {})
{
    QStringList texts;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        texts << (row.isNull(0) ? QStringLiteral("(null)") : row.text(0));
        return {};
    }));
    return texts;
}

/// Quotes, backslashes, braces, commas, words that look like NULL or like a token, other planes, control characters.
QStringList hostileTexts()
{
    return {QStringLiteral(""), QStringLiteral(" "), QStringLiteral("NULL"), QStringLiteral("null"), QStringLiteral("{}"), QStringLiteral("{a,b}"), QStringLiteral("a,b"),
            QStringLiteral("'"), QStringLiteral("''; DROP TABLE probe; --"), QStringLiteral("\""), QStringLiteral("\\"), QStringLiteral("\\'"), QStringLiteral("\\\\\""),
            QStringLiteral("\\u0041"), QStringLiteral("$1"), QStringLiteral("?"), QStringLiteral(":name"), QStringLiteral("{ids}"), QStringLiteral("{texts}"), QStringLiteral("[1,2]"),
            QStringLiteral("1"), QStringLiteral("1.0"), QStringLiteral("true"), QStringLiteral("line\nend\r\n\ttab"), QStringLiteral("\u0001\u001f\u007f"),
            QStringLiteral("\U0001F4B3 \U0001F468\u200D\U0001F469"), QStringLiteral("\u202Ertl"), QStringLiteral("a\uFEFFbom\uFFFD"), QStringLiteral("E'x'"), QString(100'000, u'\'')};
}

} // namespace

/// Every case on every kind of database, with an empty table of its own.
class TestConnection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanupTestCase() { m_databases.clear(); }

    void keepsIntegersOf64Bits();
    void keepsTextsAsTheyAre();
    void keepsAbsenceApartFromZero();
    void storesAMissingTextAsAnEmptyOne();
    void refusesTextsWithNul();
    void findsListedIds_data();
    void findsListedIds();
    void findsListedTexts_data();
    void findsListedTexts();
    void findsHostileTextsByList();
    void commitsBehindAnAbortedRead();
    void commitsBehindAReturningThatIsLeftEarly();
    void handsOnTheCallersError();
    void reportsAnErrorInTheMiddleOfAnAnswer();
    void countsChangedRows();
    void rollsBackWithoutCommit();
    void commitsNothingBehindAFailedStatement();
    void goesOnBehindAFailedTransaction();
    void readsOneMomentInAReadTransaction();
    void doesNotWriteThroughAReader_data();
    void doesNotWriteThroughAReader();
    void runsScripts();
    void tellsListenersOfTheirChannelOnly();

private:
    Connection& writer() { return m_database->writer(); }
    QStringList bodies() { return *textsOf(m_database->reader(), QStringLiteral("SELECT body FROM probe ORDER BY id")); }

    DatabaseKind m_kind = DatabaseKind::Sqlite;
    std::map<DatabaseKind, std::unique_ptr<TestDatabase>> m_databases;
    TestDatabase* m_database = nullptr;
};

void TestConnection::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_kind = kind;
    if (!m_databases.contains(kind)) {
        m_database = m_databases.emplace(kind, TestDatabase::create(kind)).first->second.get();
        CF_VERIFY_OK(writer().executeScript(QStringLiteral("CREATE TABLE probe (id bigint PRIMARY KEY, body text NOT NULL, other bigint)")));
    }
    m_database = m_databases.at(kind).get();
    CF_VERIFY_OK(writer().execute(QStringLiteral("DELETE FROM probe")));
}

void TestConnection::keepsIntegersOf64Bits()
{
    const std::vector<qint64> values{smallest, smallest + 1, -9'007'199'254'740'993, -1, 0, 1, 9'007'199'254'740'993, greatest - 1, greatest};
    for (const qint64 value : values) {
        CF_VERIFY_OK(writer().execute(insertText, {bound(value), QStringLiteral("x")}));
    }
    std::vector<qint64> found;
    CF_VERIFY_OK(writer().query(QStringLiteral("SELECT id FROM probe ORDER BY id"), {}, [&](const Row& row) -> Result<void> {
        found.push_back(row.integer(0));
        return {};
    }));
    QCOMPARE(found, values);
}

void TestConnection::keepsTextsAsTheyAre()
{
    const QStringList texts = hostileTexts();
    for (qsizetype i = 0; i < texts.size(); ++i) {
        CF_VERIFY_OK(writer().execute(insertText, {bound(qint64{i}), texts[i]}));
    }
    QCOMPARE(bodies(), texts);
    for (const QString& text : texts) {
        const auto found = textsOf(writer(), QStringLiteral("SELECT body FROM probe WHERE body = ?"), {text});
        CF_VERIFY_OK(found);
        QCOMPARE(*found, QStringList{text});
    }
}

void TestConnection::keepsAbsenceApartFromZero()
{
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body, other) VALUES (1, 'none', ?)"), {bound(OrderId())}));
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body, other) VALUES (2, 'no time', ?)"), {bound(UtcTime())}));
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body, other) VALUES (3, 'zero', ?)"), {bound(0)}));
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body, other) VALUES (4, 'greatest', ?)"), {bound(OrderId(greatest))}));
    QList<bool> absent;
    QList<qint64> ids;
    QList<qint64> times;
    CF_VERIFY_OK(writer().query(QStringLiteral("SELECT other FROM probe ORDER BY id"), {}, [&](const Row& row) -> Result<void> {
        absent << row.isNull(0);
        ids << row.id<OrderId>(0).value();
        times << row.time(0).micros();
        return {};
    }));
    QCOMPARE(absent, (QList<bool>{true, true, false, false}));
    QCOMPARE(ids, (QList<qint64>{0, 0, 0, greatest}));
    QCOMPARE(times, (QList<qint64>{0, 0, 0, greatest}));
}

void TestConnection::storesAMissingTextAsAnEmptyOne()
{
    CF_VERIFY_OK(writer().execute(insertText, {bound(1), QString()}));
    CF_VERIFY_OK(writer().execute(insertText, {bound(2), bound(QString())}));
    QCOMPARE(bodies(), (QStringList{QString(), QString()}));
}

void TestConnection::refusesTextsWithNul()
{
    CF_COMPARE_ERROR(writer().execute(insertText, {bound(1), QStringLiteral("cut") + QChar(0) + QStringLiteral("here")}), ErrorCode::InvalidText);
    QCOMPARE(bodies(), QStringList());
}

void TestConnection::findsListedIds_data()
{
    QTest::addColumn<QList<qint64>>("wanted");
    QTest::addColumn<QList<qint64>>("found");
    QList<qint64> many;
    for (qint64 id = 1; id <= 5000; ++id) {
        many << id;
    }
    QTest::newRow("none") << QList<qint64>{} << QList<qint64>{};
    QTest::newRow("one") << QList<qint64>{7} << QList<qint64>{7};
    QTest::newRow("unknown") << QList<qint64>{-5, 6001} << QList<qint64>{};
    QTest::newRow("twice") << QList<qint64>{7, 7, 3} << QList<qint64>{3, 7};
    QTest::newRow("extremes") << QList<qint64>{greatest, smallest} << QList<qint64>{smallest, greatest};
    QTest::newRow("5,000") << many << many;
}

void TestConnection::findsListedIds()
{
    QFETCH(QList<qint64>, wanted);
    QFETCH(QList<qint64>, found);
    const QString fill = m_kind == DatabaseKind::Sqlite
        ? QStringLiteral("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) INSERT INTO probe (id, body) SELECT i, 'x' FROM n")
        : QStringLiteral("INSERT INTO probe (id, body) SELECT i, 'x' FROM generate_series(1, 6000) AS n (i)");
    CF_VERIFY_OK(writer().execute(fill));
    CF_VERIFY_OK(writer().execute(insertText, {bound(smallest), QStringLiteral("x")}));
    CF_VERIFY_OK(writer().execute(insertText, {bound(greatest), QStringLiteral("x")}));
    QList<qint64> ids;
    CF_VERIFY_OK(writer().query(QStringLiteral("SELECT id FROM probe WHERE id {ids} ORDER BY id"), {writer().idList(wanted)}, [&](const Row& row) -> Result<void> {
        ids << row.integer(0);
        return {};
    }));
    QCOMPARE(ids, found);
}

void TestConnection::findsListedTexts_data()
{
    QTest::addColumn<int>("count");
    QTest::newRow("none") << 0;
    QTest::newRow("one") << 1;
    QTest::newRow("5,000") << 5000;
}

void TestConnection::findsListedTexts()
{
    QFETCH(int, count);
    const auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    QStringList wanted;
    for (int i = 1; i <= 5100; ++i) {
        const QString text = QStringLiteral("text %1").arg(i, 5, 10, QLatin1Char('0'));
        CF_VERIFY_OK(writer().execute(insertText, {bound(i), text}));
        if (i <= count) {
            wanted << text;
        }
    }
    const auto found = textsOf(writer(), QStringLiteral("SELECT body FROM probe WHERE body {texts} ORDER BY id"), {writer().textList(wanted)});
    CF_VERIFY_OK(found);
    QCOMPARE(*found, wanted);
}

void TestConnection::findsHostileTextsByList()
{
    const QStringList texts = hostileTexts();
    for (qsizetype i = 0; i < texts.size(); ++i) {
        CF_VERIFY_OK(writer().execute(insertText, {bound(qint64{i}), texts[i]}));
    }
    const auto all = textsOf(writer(), QStringLiteral("SELECT body FROM probe WHERE body {texts} ORDER BY id"), {writer().textList(texts)});
    CF_VERIFY_OK(all);
    QCOMPARE(*all, texts);
    for (const QString& text : texts) {
        const auto found = textsOf(writer(), QStringLiteral("SELECT body FROM probe WHERE body {texts}"), {writer().textList({text})});
        CF_VERIFY_OK(found);
        QCOMPARE(*found, QStringList{text});
    }
}

void TestConnection::commitsBehindAnAbortedRead()
{
    for (int i = 1; i <= 100; ++i) {
        CF_VERIFY_OK(writer().execute(insertText, {bound(i), QStringLiteral("x")}));
    }
    auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    int seen = 0;
    const auto outcome = writer().query(QStringLiteral("SELECT id FROM probe ORDER BY id"), {}, [&](const Row&) -> Result<void> {
        return ++seen < 3 ? Result<void>() : fail(ErrorCode::Cancelled);
    });
    CF_COMPARE_ERROR(outcome, ErrorCode::Cancelled);
    QCOMPARE(seen, 3);
    CF_VERIFY_OK(writer().execute(insertText, {bound(101), QStringLiteral("y")}));
    CF_VERIFY_OK(transaction->commit());
    QCOMPARE(bodies().size(), 101);
}

void TestConnection::commitsBehindAReturningThatIsLeftEarly()
{
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body) VALUES (1, 'a'), (2, 'b'), (3, 'c')")));
    auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    const auto outcome = writer().query(QStringLiteral("UPDATE probe SET body = 'z' RETURNING id"), {}, [&](const Row&) -> Result<void> { return fail(ErrorCode::Cancelled); });
    CF_COMPARE_ERROR(outcome, ErrorCode::Cancelled);
    CF_VERIFY_OK(transaction->commit());
    QCOMPARE(bodies(), (QStringList{QStringLiteral("z"), QStringLiteral("z"), QStringLiteral("z")}));
    CF_VERIFY_OK(DatabaseTransaction::begin(writer()));
}

void TestConnection::handsOnTheCallersError()
{
    CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
    const auto outcome = writer().query(QStringLiteral("SELECT id FROM probe"), {}, [](const Row&) -> Result<void> { return fail(ErrorCode::Integrity, QStringLiteral("mine")); });
    CF_COMPARE_ERROR(outcome, ErrorCode::Integrity);
    QCOMPARE(outcome.error().detail, QStringLiteral("mine"));
}

void TestConnection::reportsAnErrorInTheMiddleOfAnAnswer()
{
    for (int i = 1; i <= 5; ++i) {
        CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body, other) VALUES (?, 'x', ?)"), {bound(i), bound(i == 4 ? smallest : qint64{1})}));
    }
    int seen = 0;
    // The absolute value of the smallest number is out of range.
    const auto outcome = writer().query(QStringLiteral("SELECT abs(other) FROM probe WHERE id > 0 ORDER BY id"), {}, [&](const Row&) -> Result<void> {
        ++seen;
        return {};
    });
    CF_COMPARE_ERROR(outcome, ErrorCode::Internal);
    QVERIFY(seen <= 3);
    QCOMPARE(bodies().size(), 5);
}

void TestConnection::countsChangedRows()
{
    const auto added = writer().execute(QStringLiteral("INSERT INTO probe (id, body) VALUES (1, 'a'), (2, 'b'), (3, 'c')"));
    CF_VERIFY_OK(added);
    QCOMPARE(*added, 3);
    QCOMPARE(*writer().execute(QStringLiteral("UPDATE probe SET body = 'q' WHERE id >= ?"), {bound(2)}), 2);
    QCOMPARE(*writer().execute(QStringLiteral("UPDATE probe SET body = 'q' WHERE id >= ?"), {bound(20)}), 0);
    QCOMPARE(*writer().execute(QStringLiteral("INSERT INTO probe (id, body) VALUES (1, 'a') ON CONFLICT DO NOTHING")), 0);
    QCOMPARE(*writer().execute(QStringLiteral("DELETE FROM probe")), 3);
}

void TestConnection::rollsBackWithoutCommit()
{
    {
        const auto transaction = DatabaseTransaction::begin(writer());
        CF_VERIFY_OK(transaction);
        CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
    }
    QCOMPARE(bodies(), QStringList());
}

void TestConnection::commitsNothingBehindAFailedStatement()
{
    {
        auto transaction = DatabaseTransaction::begin(writer());
        CF_VERIFY_OK(transaction);
        CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
        CF_COMPARE_ERROR(writer().execute(insertText, {bound(1), QStringLiteral("again")}), ErrorCode::ConstraintViolated);
        CF_COMPARE_ERROR(transaction->commit(), ErrorCode::ConstraintViolated);
    }
    QCOMPARE(bodies(), QStringList());
}

void TestConnection::goesOnBehindAFailedTransaction()
{
    {
        const auto transaction = DatabaseTransaction::begin(writer());
        CF_VERIFY_OK(transaction);
        CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
        CF_COMPARE_ERROR(writer().execute(insertText, {bound(1), QStringLiteral("again")}), ErrorCode::ConstraintViolated);
    }
    auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    CF_VERIFY_OK(writer().execute(insertText, {bound(2), QStringLiteral("fine")}));
    CF_VERIFY_OK(transaction->commit());
    QCOMPARE(bodies(), QStringList{QStringLiteral("fine")});
}

void TestConnection::readsOneMomentInAReadTransaction()
{
    Connection& reader = m_database->reader();
    const QString count = QStringLiteral("SELECT count(*) FROM probe");
    {
        const auto view = DatabaseTransaction::beginRead(reader);
        CF_VERIFY_OK(view);
        QCOMPARE(*textsOf(reader, count), QStringList{QStringLiteral("0")});
        CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
        QCOMPARE(*textsOf(reader, count), QStringList{QStringLiteral("0")});
    }
    QCOMPARE(*textsOf(reader, count), QStringList{QStringLiteral("1")});
}

void TestConnection::doesNotWriteThroughAReader_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("insert") << QStringLiteral("INSERT INTO probe (id, body) VALUES (1, 'x')");
    QTest::newRow("update") << QStringLiteral("UPDATE probe SET body = 'x'");
    QTest::newRow("delete") << QStringLiteral("DELETE FROM probe");
    QTest::newRow("drop") << QStringLiteral("DROP TABLE probe");
    QTest::newRow("create") << QStringLiteral("CREATE TABLE more (id bigint)");
}

void TestConnection::doesNotWriteThroughAReader()
{
    QFETCH(QString, sql);
    CF_VERIFY_OK(writer().execute(insertText, {bound(9), QStringLiteral("kept")}));
    CF_COMPARE_ERROR(m_database->reader().executeScript(sql), ErrorCode::DatabaseReadOnly);
    QCOMPARE(bodies(), QStringList{QStringLiteral("kept")});
}

void TestConnection::runsScripts()
{
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("-- a comment; that ends like a statement;\nCREATE TABLE one (\n  id bigint\n);\nCREATE TABLE two (id bigint);\nINSERT INTO two (id) VALUES (5)")));
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT id FROM two")), QStringList{QStringLiteral("5")});
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("INSERT INTO one (id)\nVALUES (1);\n;;\nINSERT INTO one (id) VALUES (2)\n;;\n")));
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT id FROM one ORDER BY id")), (QStringList{QStringLiteral("1"), QStringLiteral("2")}));
    CF_COMPARE_ERROR(writer().executeScript(QStringLiteral("CREATE TABLE three (id bigint);\nnonsense;")), ErrorCode::Internal);
}

void TestConnection::tellsListenersOfTheirChannelOnly()
{
    QStringList heard;
    QStringList other;
    Connection& reader = m_database->reader();
    CF_VERIFY_OK(reader.listen(QStringLiteral("probe_changed"), [&](const QString& payload) { heard << payload; }));
    CF_VERIFY_OK(reader.listen(QStringLiteral("probe_other"), [&](const QString& payload) { other << payload; }));
    if (m_kind == DatabaseKind::Sqlite) {
        return;
    }
    writer().notify(QStringLiteral("probe_changed"), QStringLiteral("1,2"));
    writer().notify(QStringLiteral("probe_other"), QStringLiteral("3"));
    QTRY_COMPARE(other, QStringList{QStringLiteral("3")});
    QCOMPARE(heard, QStringList{QStringLiteral("1,2")});
    // Its answers, which nobody waited for, are not taken for those of what comes next.
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT 'next'")), QStringList{QStringLiteral("next")});
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestConnection)
#include "tst_connection.moc"
