// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/column_mapping.h"

#include "models/base/text.h"
#include "resources/resources.h"
#include "workflows/services/import/exact_decimal.h"
#include "workflows/services/import/import_time.h"
#include "workflows/services/import/order_source.h"

#include <QBuffer>
#include <QFile>
#include <QSet>
#include <QTest>

#include <map>

using namespace counterfoil;

namespace {

const QByteArray smallMapping(R"({"fields":{"order_no":{"column":"no"},"buyer_ref":{"column":"buyer"},"currency":{"constant":"USD"},
    "placed_at":{"column":"date"},"sku":{"column":"sku"},"quantity":{"column":"qty"},"product_name":{"column":"sku"},
    "merchant_ref":{"constant":"m"},"line_total":{"column":"net"},"discount_rate":{"column":"rate"}},
    "funding":{"shares":[{"value":"wallet","weight":1}]}})");
const QByteArray smallHeader("no,buyer,date,sku,qty,net,rate\n");

const QByteArray shopifyHeader("Name,Email,Financial Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,"
                               "Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Vendor,Source\n");

std::vector<SourcedOrder> readAll(QByteArray csv, const ColumnMapping& mapping)
{
    QBuffer buffer(&csv);
    buffer.open(QIODevice::ReadOnly);
    CsvOrderSource source(buffer, mapping);
    const Result<void> opened = source.open();
    require(opened.has_value(), "the source opens");
    std::vector<SourcedOrder> orders;
    for (auto order = source.next(); order && *order; order = source.next()) {
        orders.push_back(std::move(**order));
    }
    return orders;
}

QByteArray superstoreCsv()
{
    QFile file(QStringLiteral(":/counterfoil/demo/superstore/superstore.csv"));
    require(file.open(QIODevice::ReadOnly), "the sample is built in");
    return file.readAll();
}

/// Adds two plain decimals as text, digit by digit: independent of the arithmetic under test.
QString addDecimals(const QString& a, const QString& b)
{
    const auto split = [](const QString& text) { return std::pair(text.section(u'.', 0, 0), text.section(u'.', 1, 1)); };
    auto [wholeA, fractionA] = split(a);
    auto [wholeB, fractionB] = split(b);
    const qsizetype decimals = std::max(fractionA.size(), fractionB.size());
    const qsizetype wholes = std::max(wholeA.size(), wholeB.size());
    const QString x = wholeA.rightJustified(wholes, u'0') + fractionA.leftJustified(decimals, u'0');
    const QString y = wholeB.rightJustified(wholes, u'0') + fractionB.leftJustified(decimals, u'0');
    QString digits;
    int carry = 0;
    for (qsizetype i = x.size() - 1; i >= 0; --i) {
        const int digit = x.at(i).digitValue() + y.at(i).digitValue() + carry;
        digits.prepend(QChar(u'0' + digit % 10));
        carry = digit / 10;
    }
    if (carry > 0) {
        digits.prepend(QChar(u'0' + carry));
    }
    return digits.left(digits.size() - decimals) + u'.' + digits.right(decimals);
}

/// A plain decimal of US dollars as millionths of a cent, by moving its point.
qint64 microsOfCents(const QString& dollars)
{
    return (dollars.section(u'.', 0, 0) + dollars.section(u'.', 1, 1).leftJustified(8, u'0')).toLongLong();
}

QString problemOf(const SourcedOrder& sourced)
{
    return sourced.order ? QStringLiteral("fine")
                         : QStringLiteral("%1 %2").arg(sourced.order.error().line).arg(toString(sourced.order.error().error.code));
}

} // namespace

class TestColumnMapping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        initResources();
        m_orders = readAll(superstoreCsv(), ColumnMapping::load(QStringLiteral("superstore")).value());
    }

    void superstoreHasItsOrdersLinesMerchantsAndWarehouses()
    {
        QSet<QString> merchants;
        QSet<QString> warehouses;
        QSet<QString> buyers;
        QSet<QString> numbers;
        QHash<QString, QString> nameOfSku;
        std::size_t lines = 0;
        for (const SourcedOrder& sourced : m_orders) {
            QVERIFY2(sourced.order, sourced.order ? "" : qPrintable(sourced.order.error().error.text()));
            lines += sourced.order->lines.size();
            numbers.insert(sourced.order->orderNo);
            buyers.insert(sourced.order->buyerRef);
            for (const NewOrderLine& line : sourced.order->lines) {
                merchants.insert(line.stated->merchantRef);
                warehouses.insert(line.warehouse);
                if (nameOfSku.contains(line.sku)) {
                    QCOMPARE(nameOfSku.value(line.sku), line.stated->productName);
                }
                nameOfSku.insert(line.sku, line.stated->productName);
            }
        }
        QCOMPARE(m_orders.size(), std::size_t{5009});
        QCOMPARE(numbers.size(), 5009);
        QCOMPARE(lines, std::size_t{9994});
        QCOMPARE(merchants.size(), 17);
        QCOMPARE(warehouses.size(), 4);
        QCOMPARE(buyers.size(), 793);
        QCOMPARE(nameOfSku.size(), 1894);
    }

    void superstoreTotalsAreExact()
    {
        QString exact = QStringLiteral("0");
        QByteArray csv = superstoreCsv();
        QBuffer buffer(&csv);
        buffer.open(QIODevice::ReadOnly);
        CsvReader reader(buffer);
        const qsizetype sales = reader.next().value()->fields.indexOf(QStringLiteral("Sales"));
        for (auto record = reader.next(); record && *record; record = reader.next()) {
            exact = addDecimals(exact, (*record)->fields.at(sales));
        }
        qint64 netMinor = 0;
        qint64 roundingMicros = 0;
        for (const SourcedOrder& sourced : m_orders) {
            for (const NewOrderLine& line : sourced.order->lines) {
                netMinor += line.stated->amount.minor() - line.stated->merchantDiscount.minor();
                roundingMicros += line.stated->roundingMicros;
                QVERIFY(qAbs(line.stated->roundingMicros) <= 500'000);
            }
        }
        QCOMPARE(exact, QStringLiteral("2297200.8603"));
        QCOMPARE(netMinor * 1'000'000 - roundingMicros, microsOfCents(exact));
        QCOMPARE(netMinor, 229'720'065);
        QCOMPARE(roundingMicros, -21'030'000);
    }

    void superstoreFirstOrderReadsAsExpected()
    {
        const NewOrder& order = m_orders.at(0).order.value();
        QCOMPARE(order.orderNo, QStringLiteral("CA-2016-152156"));
        QCOMPARE(order.buyerRef, QStringLiteral("CG-12520"));
        QCOMPARE(order.buyerName, QStringLiteral("Claire Gute"));
        QCOMPARE(order.buyerSegment, QStringLiteral("Consumer"));
        QCOMPARE(order.channel, QStringLiteral("Consumer"));
        QCOMPARE(order.placedAt.toIso(), QStringLiteral("2016-11-08T00:00:00.000Z"));
        QCOMPARE(order.shippedAt.toIso(), QStringLiteral("2016-11-11T00:00:00.000Z"));
        QCOMPARE(order.carrier, QStringLiteral("Second Class"));
        QCOMPARE(order.openingStock, 100);
        QCOMPARE(order.topUpMultiple.toText(), QStringLiteral("500.00 USD"));
        const NewOrderLine& line = order.lines.at(0);
        QCOMPARE(line.sku, QStringLiteral("FUR-BO-10001798-")
                               + sha256Hex(QByteArrayLiteral("Bush Somerset Collection Bookcase")).left(4));
        QCOMPARE(line.quantity, 2);
        QCOMPARE(line.warehouse, QStringLiteral("South"));
        QCOMPARE(line.stated->merchantRef, QStringLiteral("bookcases"));
        QCOMPARE(line.stated->merchantName, QStringLiteral("Bookcases"));
        QCOMPARE(line.stated->category, QStringLiteral("Furniture"));
        QCOMPARE(line.stated->amount.minor(), 26196);
        QCOMPARE(line.stated->unitPrice.minor(), 13098);
    }

    void superstoreFundingFollowsItsShares()
    {
        std::map<Funding, int> count;
        int declined = 0;
        for (const SourcedOrder& sourced : m_orders) {
            const NewOrder& order = *sourced.order;
            ++count[order.funding];
            const bool isDeclined = order.paymentMethod.startsWith(QStringLiteral("pm_card_chargeDeclined"));
            declined += isDeclined ? 1 : 0;
            QVERIFY(!isDeclined || order.funding == Funding::Gateway);
            QCOMPARE(order.paymentMethod.isEmpty(), order.funding == Funding::Wallet);
            qint64 total = 0;
            for (const NewOrderLine& line : order.lines) {
                total += line.stated->amount.minor() - line.stated->merchantDiscount.minor();
            }
            QVERIFY(total >= 100 || order.funding == Funding::Wallet);
        }
        QVERIFY(qAbs(count[Funding::Wallet] - 1703) < 150);
        QVERIFY(qAbs(count[Funding::Gateway] - 1653) < 150);
        QVERIFY(qAbs(count[Funding::Both] - 1653) < 150);
        QVERIFY2(declined >= 18 && declined <= 50, qPrintable(QString::number(declined)));
        qInfo("wallet %d, gateway %d, both %d, declined %d", count[Funding::Wallet], count[Funding::Gateway], count[Funding::Both], declined);
    }

    void roundsOnceHalfToEven_data()
    {
        QTest::addColumn<QString>("net");
        QTest::addColumn<QString>("rate");
        QTest::addColumn<QString>("result");
        QTest::newRow("whole") << "261.96" << "0" << "list 26196 discount 0 net 26196 micros 0";
        QTest::newRow("half to even, down") << "0.125" << "" << "list 12 discount 0 net 12 micros -500000";
        QTest::newRow("half to even, up") << "0.135" << "0" << "list 14 discount 0 net 14 micros 500000";
        QTest::newRow("above half") << "0.1251" << "0" << "list 13 discount 0 net 13 micros 490000";
        QTest::newRow("list from the exact net") << "957.5775" << "0.45" << "list 174105 discount 78347 net 95758 micros 250000";
        QTest::newRow("list half to even") << "0.444" << "0.2" << "list 56 discount 12 net 44 micros -400000";
        QTest::newRow("deep discount") << "1.68" << "0.8" << "list 840 discount 672 net 168 micros 0";
        QTest::newRow("third") << "1" << "0.7" << "list 333 discount 233 net 100 micros 0";
        QTest::newRow("zero") << "0" << "0.5" << "list 0 discount 0 net 0 micros 0";
        QTest::newRow("millionths") << "0.00000001" << "0" << "list 0 discount 0 net 0 micros -1";
        QTest::newRow("too many decimals") << "0.000000001" << "0" << "invalid_amount";
        QTest::newRow("all off") << "1" << "1" << "invalid_amount";
        QTest::newRow("more than all off") << "1" << "1.2" << "invalid_amount";
        QTest::newRow("negative") << "-1" << "0" << "invalid_amount";
        QTest::newRow("negative rate") << "1" << "-0.1" << "invalid_amount";
        QTest::newRow("exponent") << "1e3" << "0" << "invalid_amount";
        QTest::newRow("grouping") << "1,000" << "0" << "invalid_amount";
        QTest::newRow("other digits") << QStringLiteral("١٢") << "0" << "invalid_amount";
        QTest::newRow("bare point") << "." << "0" << "invalid_amount";
        QTest::newRow("point at the end") << "1." << "0" << "invalid_amount";
        QTest::newRow("two points") << "1.2.3" << "0" << "invalid_amount";
        QTest::newRow("too many digits") << "1234567890123456789" << "0" << "amount_overflow";
        QTest::newRow("beyond 64 bits") << "999999999999999999" << "0" << "amount_overflow";
    }
    void roundsOnceHalfToEven()
    {
        QFETCH(QString, net);
        QFETCH(QString, rate);
        const auto price = [&]() -> Result<LinePrice> {
            CF_ASSIGN(const ExactDecimal exactNet, ExactDecimal::parse(net));
            CF_ASSIGN(const ExactDecimal exactRate, rate.isEmpty() ? Result<ExactDecimal>(ExactDecimal()) : ExactDecimal::parse(rate));
            return priceFromNet(exactNet, exactRate, Currency());
        }();
        const QString got = price ? QStringLiteral("list %1 discount %2 net %3 micros %4").arg(price->list.minor()).arg(price->discount.minor())
                                        .arg(price->net.minor()).arg(price->roundingMicros)
                                  : toString(price.error().code);
        QTEST(got, "result");
    }

    void shopifyOrderHasItsFirstRowsFacts()
    {
        const auto orders = readAll(shopifyHeader +
            "#1001,a@example.com,paid,2024-05-02 09:00:00 +0200,EUR,53.91,4.00,0.00,57.91,SPRING,5.99,Express,2024-05-01 10:00:00 -0400,3,"
            "Blue Mug,11.30,MUG-B,Ann B,Acme & Co,web\n"
            "#1001,a@example.com,,,,,,,,,,,2024-05-01 10:00:00 -0400,1,Tea,26.00,,,Leaf,\n"
            "#1002,,paid,,EUR,10.00,0.00,1.90,11.90,,0.00,,2024-05-01 10:00:00 Z,1,Tea,10.00,,Bob,,web\n",
            ColumnMapping::load(QStringLiteral("shopify")).value());
        QCOMPARE(orders.size(), std::size_t{2});
        QCOMPARE(problemOf(orders[0]), QStringLiteral("fine"));
        const NewOrder& order = *orders[0].order;
        QCOMPARE(order.orderNo, QStringLiteral("#1001"));
        QCOMPARE(order.currency.code(), QStringLiteral("EUR"));
        QCOMPARE(order.placedAt.toIso(), QStringLiteral("2024-05-01T14:00:00.000Z"));
        QCOMPARE(order.shippedAt.toIso(), QStringLiteral("2024-05-02T07:00:00.000Z"));
        QCOMPARE(order.shipping.minor(), 400);
        QCOMPARE(order.lines.size(), std::size_t{2});
        QCOMPARE(order.lines[0].stated->amount.minor(), 3390);
        QCOMPARE(order.lines[0].stated->merchantRef, QStringLiteral("acme-co"));
        QCOMPARE(order.lines[0].stated->merchantDiscount.minor() + order.lines[1].stated->merchantDiscount.minor(), 599);
        QCOMPARE(order.lines[0].stated->merchantDiscount.minor(), 339);
        QCOMPARE(order.lines[1].sku, QStringLiteral("tea"));
        QCOMPARE(order.paymentMethod, QStringLiteral("pm_card_visa"));
        // Taxes on top of the prices are charged with shipping; a guest is known by the name on the bill.
        QCOMPARE(orders[1].order->shipping.minor(), 190);
        QCOMPARE(orders[1].order->buyerRef, QStringLiteral("Bob"));
        QCOMPARE(orders[1].order->lines[0].stated->merchantRef, QStringLiteral("shop"));
    }

    void shopifyRefusesTotalsThatDontAddUpAndUnpaidOrders()
    {
        const auto orders = readAll(shopifyHeader +
            "#1,a@b.c,paid,,EUR,10.00,1.00,0.00,12.00,,0.00,,2024-05-01 10:00:00 Z,1,Tea,10.00,T,Ann,,web\n"
            "#2,a@b.c,voided,,EUR,10.00,1.00,0.00,11.00,,0.00,,2024-05-01 10:00:00 Z,1,Tea,10.00,T,Ann,,web\n"
            "#3,a@b.c,paid,,EUR,10.00,1.00,0.00,11.00,,20.00,,2024-05-01 10:00:00 Z,1,Tea,10.00,T,Ann,,web\n"
            "#4,a@b.c,paid,,EUR,10.00,1.00,0.00,11.00,,0.00,,yesterday,1,Tea,10.00,T,Ann,,web\n",
            ColumnMapping::load(QStringLiteral("shopify")).value());
        QCOMPARE(problemOf(orders.at(0)), QStringLiteral("2 invalid_amount"));
        QCOMPARE(problemOf(orders.at(1)), QStringLiteral("3 unknown_value"));
        QCOMPARE(problemOf(orders.at(2)), QStringLiteral("4 invalid_amount"));
        QCOMPARE(problemOf(orders.at(3)), QStringLiteral("5 malformed_input"));
    }

    void oneBadRowRefusesItsOrderAndNamesItsLine_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char* name, const QByteArray& text, const char* problem) {
            QTest::newRow(name) << text << QString::fromLatin1(problem);
        };
        row("fine", "A,b,2024-01-01,s,1,5.00,0", "fine");
        row("no SKU", "A,b,2024-01-01,,1,5.00,0", "4 missing_field");
        row("no amount", "A,b,2024-01-01,s,1,,0", "4 missing_field");
        row("fraction of a quantity", "A,b,2024-01-01,s,1.5,5.00,0", "4 quantity_out_of_range");
        row("quantity zero", "A,b,2024-01-01,s,0,5.00,0", "4 quantity_out_of_range");
        row("negative quantity", "A,b,2024-01-01,s,-1,5.00,0", "4 quantity_out_of_range");
        row("absurd quantity", "A,b,2024-01-01,s,1000001,5.00,0", "4 quantity_out_of_range");
        row("negative amount", "A,b,2024-01-01,s,1,-5.00,0", "4 invalid_amount");
        row("amount beyond the limit", "A,b,2024-01-01,s,1,10000000000.01,0", "4 invalid_amount");
        row("overflow", "A,b,2024-01-01,s,1,999999999999999999,0", "4 amount_overflow");
        row("amount in words", "A,b,2024-01-01,s,1,five,0", "4 invalid_amount");
        row("rate of one", "A,b,2024-01-01,s,1,5.00,1", "4 invalid_amount");
        row("another buyer", "A,c,2024-01-01,s,1,5.00,0", "4 malformed_input");
        row("too few columns", "A,b,2024-01-01,s,1,5.00", "4 malformed_input");
        row("too many columns", "A,b,2024-01-01,s,1,5.00,0,7", "4 malformed_input");
        row("control character", "A,b,2024-01-01,s\x01,1,5.00,0", "4 invalid_text");
        row("invalid UTF-8", "A,b,2024-01-01,\xff,1,5.00,0", "4 invalid_text");
        row("NUL", QByteArray("A,b,2024-01-01,\0,1,5.00,0", 24), "4 invalid_text");
    }
    void oneBadRowRefusesItsOrderAndNamesItsLine()
    {
        QFETCH(QByteArray, row);
        const auto orders = readAll(smallHeader + "Z,b,2024-01-01,s,1,1.00,0\nA,b,2024-01-01,s,1,5.00,0\n" + row + "\nB,b,2024-01-01,s,1,1.00,0\n",
                                    ColumnMapping::parse(smallMapping).value());
        QCOMPARE(orders.size(), std::size_t{3});
        QCOMPARE(problemOf(orders[0]), QStringLiteral("fine"));
        QTEST(problemOf(orders[1]), "problem");
        QCOMPARE(orders[1].orderNo, QStringLiteral("A"));
        QCOMPARE(orders[1].rows, 2);
        QCOMPARE(problemOf(orders[2]), QStringLiteral("fine"));
    }

    void rowThatCantBeToldRefusesBothNeighbours()
    {
        const QByteArray good("b,2024-01-01,s,1,5.00,0\n");
        const auto orders = readAll(smallHeader + "A," + good + "B," + good + "\xff,?\nC," + good + "D," + good, ColumnMapping::parse(smallMapping).value());
        QStringList problems;
        qint64 rows = 0;
        for (const SourcedOrder& order : orders) {
            problems.append(order.orderNo + u' ' + problemOf(order));
            rows += order.rows;
        }
        QCOMPARE(problems, (QStringList{"A fine", "B 4 invalid_text", "C 4 invalid_text", "D fine"}));
        QCOMPARE(rows, 5);
    }

    void rowsOfOneOrderAreBounded()
    {
        const QByteArray row("A,b,2024-01-01,s,1,5.00,0\n");
        QCOMPARE(problemOf(readAll(smallHeader + row.repeated(200), ColumnMapping::parse(smallMapping).value()).at(0)), QStringLiteral("fine"));
        QCOMPARE(problemOf(readAll(smallHeader + row.repeated(5000), ColumnMapping::parse(smallMapping).value()).at(0)), QStringLiteral("202 too_large"));
    }

    void refusesFilesWithoutTheirColumns_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "malformed_input" << "empty";
        QTest::newRow("header only") << smallHeader << "malformed_input" << "no rows";
        QTest::newRow("header and blanks") << smallHeader + ",,,,,,\n\n" << "malformed_input" << "no rows";
        QTest::newRow("missing columns") << QByteArray("no,buyer,date,qty,rate\nA,b,c,d,e\n") << "missing_field" << "'sku', 'net'";
        QTest::newRow("column twice") << QByteArray("no,buyer,date,sku,qty,net,rate,net\n1,2,3,4,5,6,7,8\n") << "malformed_input" << "'net'";
        QTest::newRow("Latin-1 header") << QByteArray("no,k\xe4ufer\nA,b\n") << "invalid_text" << "UTF-8";
        QTest::newRow("UTF-16") << QByteArray("\xff\xfen\0o\0", 6) << "invalid_text" << "UTF-16";
    }
    void refusesFilesWithoutTheirColumns()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QString, says);
        QBuffer buffer(&csv);
        buffer.open(QIODevice::ReadOnly);
        CsvOrderSource source(buffer, ColumnMapping::parse(smallMapping).value());
        const Result<void> opened = source.open();
        QVERIFY(!opened);
        QTEST(toString(opened.error().code), "code");
        QVERIFY2(opened.error().detail.contains(says), qPrintable(opened.error().detail));
    }

    void refusesMappings_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, const char* from, const char* to, const char* code) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromLatin1(code);
        };
        row("not JSON", R"({"fields")", R"(["fields")", "malformed_input");
        row("unknown part", R"("funding":)", R"("paying":)", "unknown_field");
        row("unknown field", R"("quantity":)", R"("amount_of":)", "unknown_field");
        row("unknown key of a source", R"({"column":"qty"})", R"({"column":"qty","trim":true})", "unknown_field");
        row("no order number", R"("order_no":{"column":"no"},)", "", "missing_field");
        row("column and constant", R"({"constant":"USD"})", R"({"constant":"USD","column":"c"})", "configuration_invalid");
        row("neither column nor constant", R"({"constant":"USD"})", "{}", "configuration_invalid");
        row("no source", R"({"constant":"USD"})", "[]", "configuration_invalid");
        row("source as text", R"({"constant":"USD"})", R"("USD")", "malformed_input");
        row("no price", R"("line_total":{"column":"net"},)", "", "configuration_invalid");
        row("two prices", R"("discount_rate":)", R"("unit_price":)", "configuration_invalid");
        row("rate for a unit price", R"("line_total":)", R"("unit_price":)", "configuration_invalid");
        row("unknown funding", R"("wallet","weight")", R"("cash","weight")", "unknown_value");
        row("no weight", R"("weight":1)", R"("weight":0)", "configuration_invalid");
        row("negative weight", R"("weight":1)", R"("weight":-1)", "configuration_invalid");
        row("card without method", R"("value":"wallet")", R"("value":"gateway")", "missing_field");
        row("top-up as fraction", R"("funding":)", R"("top_up_multiple":{"amount":0.5,"currency":"usd"},"funding":)", "invalid_amount");
        row("negative stock", R"("funding":)", R"("opening_stock":-1,"funding":)", "quantity_out_of_range");
    }
    void refusesMappings()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QByteArray json = smallMapping;
        QVERIFY(json.contains(from));
        const Result<ColumnMapping> mapping = ColumnMapping::parse(json.replace(from, to));
        QVERIFY(!mapping);
        QTEST(toString(mapping.error().code), "code");
    }

    void refusesMappingFileThatIsNotThere()
    {
        QCOMPARE(toString(ColumnMapping::load(QStringLiteral("/nowhere/mapping.json")).error().code), toString(ErrorCode::FileUnreadable));
    }

    void readsTimes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("expected");
        QTest::newRow("date") << "2016-11-08" << "yyyy-MM-dd" << "2016-11-08T00:00:00.000Z";
        QTest::newRow("American date") << "11/8/2016" << "M/d/yyyy" << "2016-11-08T00:00:00.000Z";
        QTest::newRow("offset") << "2024-05-01 10:00:00 -0430" << "yyyy-MM-dd HH:mm:ss offset" << "2024-05-01T14:30:00.000Z";
        QTest::newRow("offset with colon") << "2024-05-01 10:00:00+02:00" << "yyyy-MM-dd HH:mm:ss offset" << "2024-05-01T08:00:00.000Z";
        QTest::newRow("UTC") << "2024-05-01 10:00:00 UTC" << "yyyy-MM-dd HH:mm:ss offset" << "2024-05-01T10:00:00.000Z";
        QTest::newRow("ISO") << "2024-05-01T10:00:00Z" << "" << "2024-05-01T10:00:00.000Z";
        QTest::newRow("no offset") << "2024-05-01 10:00:00" << "yyyy-MM-dd HH:mm:ss offset" << "malformed_input";
        QTest::newRow("other form") << "08.11.2016" << "yyyy-MM-dd" << "malformed_input";
        QTest::newRow("no such day") << "2016-02-30" << "yyyy-MM-dd" << "malformed_input";
        QTest::newRow("before 1970") << "1969-12-31" << "yyyy-MM-dd" << "malformed_input";
        QTest::newRow("ISO without offset") << "2024-05-01T10:00:00" << "iso" << "malformed_input";
    }
    void readsTimes()
    {
        QFETCH(QString, text);
        QFETCH(QString, format);
        const Result<UtcTime> time = parseImportTime(text, format);
        QTEST(time ? time->toIso() : toString(time.error().code), "expected");
    }

private:
    std::vector<SourcedOrder> m_orders;
};

QTEST_GUILESS_MAIN(TestColumnMapping)
#include "tst_column_mapping.moc"
