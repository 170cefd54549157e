// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/id_source.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

#include <algorithm>
#include <thread>
#include <vector>

using namespace counterfoil;

namespace {

// 2024-05-01T10:00:00Z
constexpr UtcTime start{1'714'557'600'000'000};

} // namespace

class TestIdSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void idsKnowWhenTheyWereMade();
    void noIdOfAMomentIsLessThanItsLeast();
    void idsOfOneMillisecondIncrease();
    void moreThanAMillisecondHoldsStillIncrease();
    void aClockThatIsSetBackDoesNotRepeatIds();
    void nodesNeverCollide();
    void threadsNeverCollide();
};

void TestIdSource::idsKnowWhenTheyWereMade()
{
    const ManualClock clock(start + Duration(123'456));
    IdSource ids(clock, 7);
    const qint64 id = ids.nextValue();
    QVERIFY(IdSource::timeOf(id) == start + Duration::milliseconds(123));
    QCOMPARE((id >> 12) & 1023, 7);
    QCOMPARE(id & 4095, 0);
}

void TestIdSource::noIdOfAMomentIsLessThanItsLeast()
{
    const ManualClock clock(start + Duration(123'456));
    IdSource ids(clock, 0);
    const qint64 least = IdSource::leastAt(clock.now());
    QCOMPARE(ids.nextValue(), least);
    QVERIFY(IdSource::timeOf(least) == start + Duration::milliseconds(123));
    QVERIFY(IdSource::timeOf(least - 1) == start + Duration::milliseconds(122));
    QCOMPARE(IdSource::leastAt(UtcTime(1)), 0);
    QCOMPARE(IdSource::leastAt(UtcTime()), 0);
}

void TestIdSource::idsOfOneMillisecondIncrease()
{
    const ManualClock clock(start);
    IdSource ids(clock, 0);
    const auto first = ids.next<OrderId>();
    const auto second = ids.next<OrderId>();
    QVERIFY(first < second);
    QVERIFY(IdSource::timeOf(first.value()) == IdSource::timeOf(second.value()));
}

void TestIdSource::moreThanAMillisecondHoldsStillIncrease()
{
    const ManualClock clock(start);
    IdSource ids(clock, 1023);
    qint64 last = 0;
    for (int i = 0; i < 10'000; ++i) {
        const qint64 id = ids.nextValue();
        QVERIFY(id > last);
        QCOMPARE((id >> 12) & 1023, 1023);
        last = id;
    }
    QVERIFY(IdSource::timeOf(last) == start + Duration::milliseconds(2));
}

void TestIdSource::aClockThatIsSetBackDoesNotRepeatIds()
{
    ManualClock clock(start);
    IdSource ids(clock, 3);
    const qint64 before = ids.nextValue();
    clock.set(start - Duration::hours(1));
    const qint64 after = ids.nextValue();
    QVERIFY(after > before);
    clock.set(UtcTime());
    QVERIFY(ids.nextValue() > after);
}

void TestIdSource::nodesNeverCollide()
{
    const ManualClock clock(start);
    IdSource one(clock, 1);
    IdSource two(clock, 2);
    std::vector<qint64> all;
    for (int i = 0; i < 5'000; ++i) {
        all.push_back(one.nextValue());
        all.push_back(two.nextValue());
    }
    std::ranges::sort(all);
    QVERIFY(std::ranges::adjacent_find(all) == all.end());
}

void TestIdSource::threadsNeverCollide()
{
    const SystemClock clock;
    IdSource ids(clock, 1);
    std::vector<std::vector<qint64>> made(4);
    std::vector<std::jthread> threads;
    for (auto& mine : made) {
        threads.emplace_back([&ids, &mine] {
            for (int i = 0; i < 20'000; ++i) {
                mine.push_back(ids.nextValue());
            }
        });
    }
    threads.clear();
    std::vector<qint64> all;
    for (const auto& mine : made) {
        QVERIFY(std::ranges::is_sorted(mine));
        all.insert(all.end(), mine.begin(), mine.end());
    }
    std::ranges::sort(all);
    QCOMPARE(all.size(), std::size_t{80'000});
    QVERIFY(std::ranges::adjacent_find(all) == all.end());
}

QTEST_APPLESS_MAIN(TestIdSource)
#include "tst_id_source.moc"
