// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/row_cache.h"
#include "tests/support/expect.h"

namespace counterfoil {

namespace {

PagedRowPtr rowOf(qint64 key)
{
    auto row = std::make_shared<ValueRow<int>>();
    row->key = {key, 0};
    return row;
}

RowCache filled(int from, int to)
{
    RowCache cache;
    for (int row = from; row < to; ++row) {
        cache.put(row, rowOf(row));
    }
    return cache;
}

} // namespace

class TestRowCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void movesRowsBehindAnInsertion()
    {
        RowCache cache = filled(0, 4);
        cache.addAnchor(10, {10, 0});
        cache.insertRows(2, 3);
        QCOMPARE(cache.at(1)->key.first, 1);
        QVERIFY(!cache.at(2));
        QVERIFY(!cache.at(4));
        QCOMPARE(cache.at(5)->key.first, 2);
        QCOMPARE(cache.knownAfter(7)->row, 13);
    }

    void closesTheGapOfARemoval()
    {
        RowCache cache = filled(0, 10);
        cache.addAnchor(4, {4, 0});
        cache.addAnchor(20, {20, 0});
        cache.removeRows(3, 4);
        QCOMPARE(cache.size(), 6);
        QCOMPARE(cache.at(2)->key.first, 2);
        QCOMPARE(cache.at(3)->key.first, 7);
        QVERIFY(!cache.at(6));
        QCOMPARE(cache.knownAfter(6)->row, 16);
        QVERIFY(!cache.knownBefore(-1));
    }

    void staysBoundedAndRemembersPlaces()
    {
        RowCache cache = filled(0, RowCache::rowsMax + 1000);
        cache.trim(RowCache::rowsMax + 900);
        QCOMPARE(cache.size(), RowCache::rowsMax);
        QVERIFY(!cache.at(0));
        QVERIFY(cache.at(RowCache::rowsMax + 999));
        const auto known = cache.knownBefore(250);
        QVERIFY(known.has_value());
        QCOMPARE(known->row, 200);
        QCOMPARE(known->key.first, 200);
        for (int i = 0; i < 3 * RowCache::anchorsMax; ++i) {
            cache.addAnchor(100'000 + i, {i, 0});
        }
        int anchors = 0;
        for (auto next = cache.knownAfter(100'000); next; next = cache.knownAfter(next->row + 1)) {
            ++anchors;
        }
        QVERIFY(anchors > 0 && anchors <= RowCache::anchorsMax);
    }

    void findsTheNearestKnownRow()
    {
        RowCache cache = filled(10, 12);
        cache.addAnchor(5, {5, 0});
        cache.addAnchor(11, {11, 0});
        QVERIFY(!cache.knownBefore(4));
        QCOMPARE(cache.knownBefore(9)->row, 5);
        QCOMPARE(cache.knownBefore(50)->row, 11);
        QCOMPARE(cache.knownAfter(6)->row, 10);
        QVERIFY(!cache.knownAfter(12));
    }

    void tellsTheUnbrokenRun()
    {
        RowCache cache = filled(0, 100);
        cache.removeRows(50, 1);
        cache.insertRows(50, 1);
        QCOMPARE(cache.runAround(10, 1000), std::pair(0, 50));
        QCOMPARE(cache.runAround(60, 5), std::pair(55, 65));
        QCOMPARE(cache.runAround(50, 5), std::pair(50, 50));
    }
};

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestRowCache)
#include "tst_row_cache.moc"
