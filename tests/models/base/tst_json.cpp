// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/json.h"
#include "tests/support/expect.h"

#include <QJsonArray>
#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

JsonReader readerOf(const QByteArray& text)
{
    return JsonReader(parseJsonObject(text).value(), u"order"_s);
}

Currency usd()
{
    return Currency::parse(u"USD").value();
}

} // namespace

class TestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void parsesObjects();
    void refusesBadObjects_data();
    void refusesBadObjects();
    void limitsSizeAndDepth();
    void readsFields();
    void readsMoneyExactly_data();
    void readsMoneyExactly();
    void refusesInexactMoney_data();
    void refusesInexactMoney();
    void refusesWrongTypes_data();
    void refusesWrongTypes();
    void missingAndNullAreTheSame();
    void refusesUnknownFields();
    void namesThePathOfAField();
    void equalObjectsGiveEqualBytes();
};

void TestJson::parsesObjects()
{
    const auto object = parseJsonObject(R"( {"a": [1, -2, {"b": "x\u00fc\"}"}], "c": 9007199254740992, "d": 1.5, "e": 2.5e3} )");
    CF_VERIFY_OK(object);
    QCOMPARE(object->value(u"c"_s).toInteger(), 9007199254740992);
    // Zeros in front don't make a number inexact; this one we write with many.
    const auto small = parseJsonObject(R"({"a": 123456789012345e-18})");
    CF_VERIFY_OK(small);
    QCOMPARE(parseJsonObject(toJson(*small)).value(), *small);
    QCOMPARE(object->value(u"a"_s).toArray().size(), 3);
}

void TestJson::refusesBadObjects_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const QByteArray& bytes, const char* code = "malformed_input") {
        QTest::newRow(name) << bytes << QString::fromLatin1(code);
    };
    row("empty", "");
    row("spaces", "  ");
    row("cut", R"({"a": 1)");
    row("cut in a string", R"({"a": "b)");
    row("cut in an escape", R"({"a": "b\)");
    row("array", "[1]");
    row("number", "1");
    row("something behind", R"({"a": 1} x)");
    row("trailing comma", R"({"a": 1,})");
    row("comment", R"({"a": 1 /* one */})");
    row("single quotes", "{'a': 1}");
    row("NaN", R"({"a": NaN})");
    row("repeated key", R"({"a": 1, "a": 2})");
    row("repeated key, deeper", R"({"x": [{"a": 1, "b": 2, "a": 3}]})");
    row("repeated key in disguise", R"({"a": 1, "\u0061": 2})");
    row("one above 2^53", R"({"a": 9007199254740993})");
    row("one below -2^53", R"({"a": -9007199254740993})");
    row("beyond 64 bits", R"({"a": 123456789012345678901234567890})");
    row("inexact in disguise of a fraction", R"({"a": 9007199254740993.0})");
    row("inexact in disguise of an exponent", R"({"a": 9007199254740993e0})");
    row("a fraction that a double forgets", R"({"a": 4503599627370496.1})");
    row("NUL", QByteArray("{\"a\": \"\0\"}", 10), "invalid_text");
    row("not UTF-8", "{\"a\": \"\xff\"}", "invalid_text");
}

void TestJson::refusesBadObjects()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, code);
    const auto object = parseJsonObject(bytes);
    QVERIFY(!object.has_value());
    QCOMPARE(toString(object.error().code), code);
}

void TestJson::limitsSizeAndDepth()
{
    const JsonLimits limits{.maxBytes = 64, .maxDepth = 4};
    CF_VERIFY_OK(parseJsonObject(R"({"a":[[[1]]]})", limits));
    CF_COMPARE_ERROR(parseJsonObject(R"({"a":[[[[1]]]]})", limits), ErrorCode::MalformedInput);
    CF_VERIFY_OK(parseJsonObject(R"({"a":"[[[[[[[["})", limits));
    CF_COMPARE_ERROR(parseJsonObject("{\"a\":\"" + QByteArray(64, 'x') + "\"}", limits), ErrorCode::TooLarge);
    CF_COMPARE_ERROR(parseJsonObject("{\"a\":" + QByteArray(100'000, '[')), ErrorCode::MalformedInput);
}

void TestJson::readsFields()
{
    const JsonReader reader = readerOf(R"({"s": " x ", "n": -3, "whole": 2.0, "b": true, "o": {"k": 1}, "l": [1]})");
    QCOMPARE(reader.text("s").value(), u"x"_s);
    QCOMPARE(reader.optionalText("none").value(), QString());
    QCOMPARE(reader.integer("n").value(), -3);
    QCOMPARE(reader.integer("whole").value(), 2);
    QCOMPARE(reader.boolean("b", false).value(), true);
    QCOMPARE(reader.boolean("none", true).value(), true);
    QCOMPARE(reader.object("o").value().value(u"k"_s).toInteger(), 1);
    QCOMPARE(reader.array("l").value().size(), 1);
    QVERIFY(reader.has("s") && !reader.has("none"));
}

void TestJson::readsMoneyExactly_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("minor");
    QTest::newRow("number") << QByteArray("1999") << qint64{1999};
    QTest::newRow("negative") << QByteArray("-1") << qint64{-1};
    QTest::newRow("minus one as string") << QByteArray("\"-1\"") << qint64{-1};
    QTest::newRow("zero") << QByteArray("0") << qint64{0};
    QTest::newRow("2^53") << QByteArray("9007199254740992") << qint64{9007199254740992};
    QTest::newRow("string beyond 2^53") << QByteArray("\"9223372036854775807\"") << qint64{9223372036854775807};
}

void TestJson::readsMoneyExactly()
{
    QFETCH(QByteArray, value);
    QFETCH(qint64, minor);
    const auto money = readerOf("{\"amount\": " + value + "}").money("amount", usd());
    CF_VERIFY_OK(money);
    QCOMPARE(money->minor(), minor);
    QCOMPARE(money->currency().code(), u"USD"_s);
}

void TestJson::refusesInexactMoney_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("fraction") << QByteArray("19.99");
    QTest::newRow("string with fraction") << QByteArray("\"19.99\"");
    QTest::newRow("string with plus") << QByteArray("\"+1\"");
    QTest::newRow("string with leading zero") << QByteArray("\"01\"");
    QTest::newRow("string with space") << QByteArray("\" 1\"");
    QTest::newRow("string beyond 64 bits") << QByteArray("\"9223372036854775808\"");
    QTest::newRow("empty string") << QByteArray("\"\"");
    QTest::newRow("boolean") << QByteArray("true");
    QTest::newRow("object") << QByteArray("{}");
}

void TestJson::refusesInexactMoney()
{
    QFETCH(QByteArray, value);
    CF_COMPARE_ERROR(readerOf("{\"amount\": " + value + "}").money("amount", usd()), ErrorCode::InvalidAmount);
}

void TestJson::refusesWrongTypes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("acceptable");
    QTest::newRow("string") << QByteArray("\"1\"") << u"text"_s;
    QTest::newRow("fraction") << QByteArray("1.5") << QString();
    QTest::newRow("number") << QByteArray("1") << u"integer"_s;
    QTest::newRow("boolean") << QByteArray("false") << u"boolean"_s;
    QTest::newRow("object") << QByteArray("{}") << u"object"_s;
    QTest::newRow("array") << QByteArray("[]") << u"array"_s;
}

void TestJson::refusesWrongTypes()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, acceptable);
    const JsonReader reader = readerOf("{\"f\": " + value + "}");
    const auto check = [&](const char* type, const auto& result) {
        const bool expected = acceptable == QString::fromLatin1(type);
        return result.has_value() == expected && (expected || result.error().code == ErrorCode::MalformedInput);
    };
    QVERIFY(check("text", reader.text("f")));
    QVERIFY(check("text", reader.optionalText("f")));
    QVERIFY(check("integer", reader.integer("f")));
    QVERIFY(check("boolean", reader.boolean("f", true)));
    QVERIFY(check("object", reader.object("f")));
    QVERIFY(check("array", reader.array("f")));
}

void TestJson::missingAndNullAreTheSame()
{
    for (const QByteArray text : {"{}", "{\"f\": null}"}) {
        const JsonReader reader = readerOf(text);
        QVERIFY(!reader.has("f"));
        CF_COMPARE_ERROR(reader.text("f"), ErrorCode::MissingField);
        CF_COMPARE_ERROR(reader.integer("f"), ErrorCode::MissingField);
        CF_COMPARE_ERROR(reader.money("f", usd()), ErrorCode::MissingField);
        CF_COMPARE_ERROR(reader.object("f"), ErrorCode::MissingField);
        CF_COMPARE_ERROR(reader.array("f"), ErrorCode::MissingField);
        QCOMPARE(reader.boolean("f", true).value(), true);
    }
}

void TestJson::refusesUnknownFields()
{
    const JsonReader reader = readerOf(R"({"amount": 1, "amuont": 2})");
    CF_VERIFY_OK(reader.onlyFields({"amount", "amuont", "other"}));
    const auto refused = reader.onlyFields({"amount"});
    CF_COMPARE_ERROR(refused, ErrorCode::UnknownField);
    QVERIFY2(refused.error().detail.contains(u"order.amuont"_s), qPrintable(refused.error().detail));
}

void TestJson::namesThePathOfAField()
{
    QCOMPARE(JsonReader(QJsonObject()).pathOf("a"), u"a"_s);
    QCOMPARE(JsonReader(QJsonObject(), u"lines[2]"_s).pathOf("sku"), u"lines[2].sku"_s);
    QVERIFY(readerOf("{}").text("sku").error().detail.contains(u"order.sku"_s));
}

void TestJson::equalObjectsGiveEqualBytes()
{
    QCOMPARE(toJson(parseJsonObject(R"({"b": 2, "a": [1]})").value()), QByteArray(R"({"a":[1],"b":2})"));
    QCOMPARE(toJson({}), QByteArray("{}"));
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
