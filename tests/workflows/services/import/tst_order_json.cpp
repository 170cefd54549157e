// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_json.h"

#include "models/base/json.h"

#include <QJsonArray>
#include <QTest>

using namespace counterfoil;

namespace {

const QByteArray goodOrder(R"({"order_no":"A-1","buyer":{"ref":"c1","name":"Ann","email":"ann@example.com","segment":"Home"},
    "currency":"usd","channel":"web","placed_at":"2024-05-01T10:00:00+02:00",
    "items":[{"sku":"S1","quantity":2,"specification":"red","warehouse":"east"},{"sku":"S2","quantity":1}],
    "shipping":{"amount":500,"currency":"usd"},"coupons":["SPRING"],"funding":"both",
    "wallet_part":{"amount":"250","currency":"USD"},"payment_method":"pm_card_visa","split_strategy":"warehouse"})");

const QByteArray statedOrder(R"({"order_no":"A-1","buyer":{"ref":"c1"},"currency":"usd","funding":"wallet",
    "items":[{"sku":"S1","quantity":2,"stated":{"product":"P1","product_name":"Pen","category":"Art","merchant":"m1",
    "merchant_name":"M","unit_price":{"amount":100,"currency":"usd"},"amount":{"amount":200,"currency":"usd"},
    "discount":{"amount":20,"currency":"usd"}}}],"shipped_at":"2024-05-03","carrier":"First Class"})");

Result<NewOrder> parsed(QByteArrayView text, bool allowStated = false)
{
    CF_ASSIGN(const QJsonObject json, parseJsonObject(text));
    return parseOrder(json, allowStated);
}

/// JSON as it reads well in a test, with ' for ".
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray replaced(QByteArray text, const QByteArray& from, const QByteArray& to)
{
    require(text.count(from) == 1, "a test replaces one thing");
    return text.replace(from, to);
}

} // namespace

class TestOrderJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryField()
    {
        const Result<NewOrder> order = parsed(goodOrder);
        QVERIFY2(order, order ? "" : qPrintable(order.error().text()));
        QCOMPARE(order->orderNo, QStringLiteral("A-1"));
        QCOMPARE(order->buyerRef, QStringLiteral("c1"));
        QCOMPARE(order->buyerName, QStringLiteral("Ann"));
        QCOMPARE(order->buyerEmail, QStringLiteral("ann@example.com"));
        QCOMPARE(order->buyerSegment, QStringLiteral("Home"));
        QCOMPARE(order->currency.code(), QStringLiteral("USD"));
        QCOMPARE(order->channel, QStringLiteral("web"));
        QCOMPARE(order->placedAt.toIso(), QStringLiteral("2024-05-01T08:00:00.000Z"));
        QCOMPARE(order->lines.size(), std::size_t{2});
        QCOMPARE(order->lines[0].sku, QStringLiteral("S1"));
        QCOMPARE(order->lines[0].quantity, 2);
        QCOMPARE(order->lines[0].specification, QStringLiteral("red"));
        QCOMPARE(order->lines[0].warehouse, QStringLiteral("east"));
        QVERIFY(!order->lines[0].stated);
        QCOMPARE(order->shipping, Money(qint64{500}, order->currency));
        QCOMPARE(order->couponCodes, std::vector<QString>{QStringLiteral("SPRING")});
        QCOMPARE(toString(order->funding), toString(Funding::Both));
        QCOMPARE(order->walletPart, Money(qint64{250}, order->currency));
        QCOMPARE(order->paymentMethod, QStringLiteral("pm_card_visa"));
        QCOMPARE(toString(order->splitStrategy), toString(SplitStrategy::Warehouse));
    }

    void readsWhatAnImportStates()
    {
        const Result<NewOrder> order = parsed(statedOrder, true);
        QVERIFY2(order, order ? "" : qPrintable(order.error().text()));
        const StatedLine& stated = order->lines.at(0).stated.value();
        QCOMPARE(stated.productRef, QStringLiteral("P1"));
        QCOMPARE(stated.merchantRef, QStringLiteral("m1"));
        QCOMPARE(stated.unitPrice.minor(), 100);
        QCOMPARE(stated.amount.minor(), 200);
        QCOMPARE(stated.merchantDiscount.minor(), 20);
        QCOMPARE(order->carrier, QStringLiteral("First Class"));
        QCOMPARE(order->shippedAt.toIso(), QStringLiteral("2024-05-03T00:00:00.000Z"));
    }

    void liveOrdersMayStateNothing()
    {
        QCOMPARE(toString(parsed(statedOrder).error().code), toString(ErrorCode::UnknownField));
        const QByteArray item = replaced(goodOrder, quoted("'sku':'S2',"), quoted("'sku':'S2','stated':{},"));
        QCOMPARE(parsed(item).error().detail, QStringLiteral("items[1].stated is not a field here"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("names");
        const auto row = [](const char* name, const char* from, const QByteArray& to, const char* code, const char* names = "") {
            QTest::newRow(name) << QByteArray(from) << to << QString::fromLatin1(code) << QString::fromLatin1(names);
        };
        row("unknown field", "'channel':", "'chanel':", "unknown_field", "chanel");
        row("unknown field of the buyer", "'segment':", "'vip':", "unknown_field", "buyer.vip");
        row("unknown field of an item", "'warehouse':", "'price':", "unknown_field", "items[0].price");
        row("unknown field of money", "'amount':500,", "'amount':500,'tax':1,", "unknown_field", "shipping.tax");
        row("no order number", "'order_no':'A-1',", "", "missing_field", "order_no");
        row("empty order number", "'A-1'", "'  '", "missing_field", "order_no");
        row("null order number", "'A-1'", "null", "missing_field", "order_no");
        row("number as order number", "'A-1'", "7", "malformed_input", "order_no");
        row("long order number", "'A-1'", '"' + QByteArray(129, 'x') + '"', "too_large", "order_no");
        row("line end in a name", "'Ann'", "'An\\nn'", "invalid_text", "buyer.name");
        row("escaped NUL in a name", "'Ann'", "'An\\u0000n'", "invalid_text", "buyer.name");
        row("half a character", "'Ann'", "'An\\ud800'", "invalid_text");
        row("raw NUL", "'Ann'", QByteArray("\"A\0n\"", 5), "invalid_text");
        row("invalid UTF-8", "'Ann'", "\"A\xff\"", "invalid_text");
        row("buyer as text", "{'ref':'c1','name':'Ann','email':'ann@example.com','segment':'Home'}", "'c1'", "malformed_input", "buyer");
        row("unknown currency", "'currency':'usd','channel'", "'currency':'usq','channel'", "unknown_currency");
        row("no currency", "'currency':'usd','channel'", "'channel'", "missing_field", "currency");
        row("time without offset", "T10:00:00+02:00", "T10:00:00", "malformed_input", "placed_at");
        row("time in words", "2024-05-01T10:00:00+02:00", "yesterday", "malformed_input", "placed_at");
        row("time before 1970", "2024-05-01T", "1924-05-01T", "malformed_input", "placed_at");
        row("thirteenth month", "2024-05-01T", "2024-13-01T", "malformed_input", "placed_at");
        row("no items", "{'sku':'S1','quantity':2,'specification':'red','warehouse':'east'},{'sku':'S2','quantity':1}", "", "missing_field");
        row("item as number", "{'sku':'S2','quantity':1}", "5", "malformed_input", "items[1]");
        row("no quantity", "{'sku':'S2','quantity':1}", "{'sku':'S2'}", "missing_field", "items[1].quantity");
        row("fraction of a quantity", "'quantity':1}", "'quantity':1.5}", "malformed_input", "items[1].quantity");
        row("quantity as text", "'quantity':1}", "'quantity':'1'}", "malformed_input", "items[1].quantity");
        row("quantity zero", "'quantity':1}", "'quantity':0}", "quantity_out_of_range", "line 2");
        row("negative quantity", "'quantity':1}", "'quantity':-1}", "quantity_out_of_range", "line 2");
        row("absurd quantity", "'quantity':1}", "'quantity':1000001}", "quantity_out_of_range", "line 2");
        row("quantity beyond 2^53", "'quantity':1}", "'quantity':9007199254740993}", "malformed_input");
        row("fraction as money", "'amount':500", "'amount':5.5", "invalid_amount", "shipping.amount");
        row("decimal text as money", "'amount':500", "'amount':'5.00'", "invalid_amount", "shipping.amount");
        row("padded text as money", "'amount':500", "'amount':' 500'", "invalid_amount", "shipping.amount");
        row("negative money", "'amount':500", "'amount':-1", "invalid_amount", "shipping");
        row("money beyond the limit", "'amount':500", "'amount':1000000000001", "invalid_amount", "shipping");
        row("money beyond 64 bits", "'amount':500", "'amount':'9223372036854775808'", "invalid_amount", "shipping.amount");
        row("money beyond 2^53", "'amount':500", "'amount':9007199254740993", "malformed_input");
        row("bare money", "{'amount':500,'currency':'usd'}", "500", "malformed_input", "shipping");
        row("money without currency", "{'amount':500,'currency':'usd'}", "{'amount':500}", "missing_field", "shipping.currency");
        row("money in another currency", "{'amount':500,'currency':'usd'}", "{'amount':500,'currency':'eur'}", "currency_mismatch", "shipping");
        row("coupon as number", "['SPRING']", "[1]", "malformed_input", "coupons[0]");
        row("empty coupon", "['SPRING']", "['']", "missing_field", "coupons[0]");
        row("too many coupons", "['SPRING']", "[" + QByteArray("\"A\",").repeated(20) + "\"A\"]", "too_large", "coupons");
        row("unknown funding", "'both'", "'cash'", "unknown_value", "funding");
        row("wallet part with another funding", "'both'", "'gateway'", "invalid_amount", "wallet_part");
        row("no payment method", "'payment_method':'pm_card_visa',", "", "missing_field");
        row("unknown split", "'split_strategy':'warehouse'", "'split_strategy':'halves'", "unknown_value", "split_strategy");
        row("too deep", "'Ann'", QByteArray(40, '[') + QByteArray(40, ']'), "malformed_input");
        row("field twice", "'channel':'web'", "'channel':'web','channel':'web'", "malformed_input", "twice");
        row("cut off", "'split_strategy':'warehouse'}", "'split_strategy':'ware", "malformed_input");
    }
    void refuses()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, names);
        const Result<NewOrder> order = parsed(replaced(goodOrder, quoted(from), quoted(to)));
        QVERIFY(!order);
        QTEST(toString(order.error().code), "code");
        QVERIFY2(order.error().detail.contains(names), qPrintable(order.error().detail));
    }

    void refusesStated_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("code");
        QTest::newRow("no price") << QByteArray("'unit_price':{'amount':100,'currency':'usd'},") << QByteArray() << QStringLiteral("missing_field");
        QTest::newRow("discount above amount") << QByteArray("'amount':20,") << QByteArray("'amount':201,") << QStringLiteral("invalid_amount");
        QTest::newRow("price in another currency") << QByteArray("'amount':100,'currency':'usd'") << QByteArray("'amount':100,'currency':'eur'") << QStringLiteral("currency_mismatch");
        QTest::newRow("no merchant") << QByteArray("'merchant':'m1',") << QByteArray() << QStringLiteral("missing_field");
        QTest::newRow("unknown field") << QByteArray("'category':") << QByteArray("'brand':") << QStringLiteral("unknown_field");
    }
    void refusesStated()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const Result<NewOrder> order = parsed(replaced(statedOrder, quoted(from), quoted(to)), true);
        QVERIFY(!order);
        QTEST(toString(order.error().code), "code");
    }

    void refusesTooManyLines()
    {
        const QByteArray item = quoted("{'sku':'S2','quantity':1}");
        const QByteArray items = item + (',' + item).repeated(198);
        QCOMPARE(parsed(replaced(goodOrder, item, items))->lines.size(), std::size_t{200});
        QCOMPARE(toString(parsed(replaced(goodOrder, item, items + ',' + item)).error().code), toString(ErrorCode::TooLarge));
    }

    void writesMoneyAsItIsRead()
    {
        for (const qint64 minor : {qint64{0}, qint64{-1}, qint64{1} << 53, (qint64{1} << 53) + 1, std::numeric_limits<qint64>::max(),
                                   std::numeric_limits<qint64>::min()}) {
            const Money money(minor, Currency());
            const QJsonObject json{{QStringLiteral("m"), moneyJson(money)}};
            const Result<QJsonObject> read = parseJsonObject(toJson(json));
            QVERIFY(read);
            QCOMPARE(readMoney(JsonReader(*read), "m").value(), money);
        }
    }
};

QTEST_GUILESS_MAIN(TestOrderJson)
#include "tst_order_json.moc"
