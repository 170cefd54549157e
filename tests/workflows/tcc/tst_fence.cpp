// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"
#include "tests/support/expect.h"
#include "workflows/tcc/fence.h"

#include <QTest>

using namespace counterfoil;

/// The table of calls and fences (20-engine).
class TestFence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void cleanupTestCase();
    void followsTheTable_data();
    void followsTheTable();
    void refusesATryAfterTheDeadline_data() { TestDatabase::addKindRows(); }
    void refusesATryAfterTheDeadline();
    void acceptsATryAtTheDeadline_data() { TestDatabase::addKindRows(); }
    void acceptsATryAtTheDeadline();
    void refusesOtherArguments_data() { TestDatabase::addKindRows(); }
    void refusesOtherArguments();
    void leavesNoFenceWhenTheEffectFails_data();
    void leavesNoFenceWhenTheEffectFails();
    void doesOnceWhatIsAskedTwice_data() { TestDatabase::addKindRows(); }
    void doesOnceWhatIsAskedTwice();
};

namespace {

enum class Call { Try, Confirm, Cancel };

/// Counts what it is asked to do.
class Counting final : public TccParticipant {
public:
    Participant kind() const override { return Participant::Stock; }
    Result<void> reserve(UnitOfWork&, const BranchCall&) const override { return did("reserve"); }
    Result<void> confirm(UnitOfWork&, const BranchCall&) const override { return did("confirm"); }
    Result<void> cancel(UnitOfWork&, const BranchCall&) const override { return did("cancel"); }

    mutable QStringList effects;
    bool failing = false;

private:
    Result<void> did(const char* what) const
    {
        effects << QString::fromLatin1(what);
        return failing ? Result<void>(fail(ErrorCode::OutOfStock)) : Result<void>();
    }
};

const TccId gid{77};

/// Uses one database per kind for all rows of the table: a fresh one takes a second.
struct Stage {
    explicit Stage(DatabaseKind kind) : shop(shared(kind))
    {
        EngineFixture::unwrap(shop.connection().execute(QStringLiteral("DELETE FROM tcc_fence")));
        shop.clock.set(sampleTime);
    }

    static EngineFixture& shared(DatabaseKind kind)
    {
        std::unique_ptr<EngineFixture>& known = s_shops[kind];
        if (!known) {
            known = std::make_unique<EngineFixture>(kind);
        }
        return *known;
    }

    TccBranch branch(const QString& sha = QStringLiteral("a")) const
    {
        TccBranch row;
        row.gid = gid;
        row.n = 1;
        row.argsSha256 = sha;
        return row;
    }

    Result<void> call(Call what, const QString& sha = QStringLiteral("a"))
    {
        UnitOfWork work(shop.connection(), shop.clock, shop.ids);
        CF_TRY(work.begin());
        for (const TccFence& fence : shop.rows<TccFence>()) {
            work.fences.adopt(fence);
        }
        const BranchCall to{gid, 1, {}, {}, {}};
        Result<void> outcome;
        switch (what) {
        case Call::Try:
            outcome = fencedTry(work, participant, branch(sha), to, deadline);
            break;
        case Call::Confirm:
            outcome = fencedConfirm(work, participant, to);
            break;
        case Call::Cancel:
            outcome = fencedCancel(work, participant, branch(sha), to, deadline);
            break;
        }
        CF_TRY(outcome);
        return work.commit();
    }

    QString fence()
    {
        const auto found = shop.rows<TccFence>();
        return found.empty() ? QString() : toString(found.front().state);
    }

    static inline std::map<DatabaseKind, std::unique_ptr<EngineFixture>> s_shops;
    EngineFixture& shop;
    Counting participant;
    UtcTime deadline = sampleTime + Duration::hours(1);
};

} // namespace

void TestFence::cleanupTestCase()
{
    Stage::s_shops.clear();
}

void TestFence::followsTheTable_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QString>("before");
    QTest::addColumn<int>("call");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("effects");
    QTest::addColumn<QString>("error");
    struct Row {
        const char* before;
        Call call;
        const char* after;
        const char* effects;
        const char* error;
    };
    static constexpr Row table[] = {
        {"", Call::Try, "tried", "reserve", ""},
        {"tried", Call::Try, "tried", "", ""},
        {"confirmed", Call::Try, "confirmed", "", ""},
        {"cancelled", Call::Try, "cancelled", "", "try_refused"},
        {"tombstone", Call::Try, "tombstone", "", "try_refused"},
        {"", Call::Confirm, "", "", "integrity"},
        {"tried", Call::Confirm, "confirmed", "confirm", ""},
        {"confirmed", Call::Confirm, "confirmed", "", ""},
        {"cancelled", Call::Confirm, "cancelled", "", "integrity"},
        {"tombstone", Call::Confirm, "tombstone", "", "integrity"},
        {"", Call::Cancel, "tombstone", "", ""},
        {"tried", Call::Cancel, "cancelled", "cancel", ""},
        {"confirmed", Call::Cancel, "confirmed", "", "integrity"},
        {"cancelled", Call::Cancel, "cancelled", "", ""},
        {"tombstone", Call::Cancel, "tombstone", "", ""},
    };
    static constexpr const char* names[] = {"try", "confirm", "cancel"};
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        for (const Row& row : table) {
            QTest::addRow("%s: %s with fence '%s'", kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql", names[static_cast<int>(row.call)], row.before)
                << kind << QString::fromLatin1(row.before) << static_cast<int>(row.call) << QString::fromLatin1(row.after) << QString::fromLatin1(row.effects)
                << QString::fromLatin1(row.error);
        }
    }
}

void TestFence::followsTheTable()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const QString, before);
    QFETCH(const int, call);
    QFETCH(const QString, after);
    QFETCH(const QString, effects);
    QFETCH(const QString, error);
    Stage stage(kind);
    if (!before.isEmpty()) {
        const FenceState state = EngineFixture::unwrap(parseEnum<FenceState>(before));
        stage.shop.write([&](UnitOfWork& work) { work.fences.add({gid, 1, state, QStringLiteral("a"), stage.deadline}); });
    }
    const Result<void> outcome = stage.call(static_cast<Call>(call));
    QCOMPARE(outcome ? QString() : toString(outcome.error().code), error);
    QCOMPARE(stage.fence(), after);
    QCOMPARE(stage.participant.effects.join(u' '), effects);
}

void TestFence::refusesATryAfterTheDeadline()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.shop.clock.set(stage.deadline + Duration(1));
    CF_COMPARE_ERROR(stage.call(Call::Try), ErrorCode::DeadlinePassed);
    QCOMPARE(stage.fence(), QString());
    QVERIFY(stage.participant.effects.isEmpty());
}

void TestFence::acceptsATryAtTheDeadline()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.shop.clock.set(stage.deadline);
    CF_VERIFY_OK(stage.call(Call::Try));
    // What was tried in time can be confirmed at any time.
    stage.shop.clock.advance(Duration::days(30));
    CF_VERIFY_OK(stage.call(Call::Try));
    CF_VERIFY_OK(stage.call(Call::Confirm));
    QCOMPARE(stage.fence(), QStringLiteral("confirmed"));
}

void TestFence::refusesOtherArguments()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.call(Call::Try));
    CF_COMPARE_ERROR(stage.call(Call::Try, QStringLiteral("b")), ErrorCode::Integrity);
    QCOMPARE(stage.participant.effects, QStringList{QStringLiteral("reserve")});
}

void TestFence::leavesNoFenceWhenTheEffectFails_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("call");
    QTest::addColumn<QString>("fence");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: try", name) << kind << static_cast<int>(Call::Try) << QString();
        QTest::addRow("%s: confirm", name) << kind << static_cast<int>(Call::Confirm) << QStringLiteral("tried");
        QTest::addRow("%s: cancel", name) << kind << static_cast<int>(Call::Cancel) << QStringLiteral("tried");
    }
}

void TestFence::leavesNoFenceWhenTheEffectFails()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, call);
    QFETCH(const QString, fence);
    Stage stage(kind);
    if (static_cast<Call>(call) != Call::Try) {
        CF_VERIFY_OK(stage.call(Call::Try));
    }
    stage.participant.failing = true;
    CF_COMPARE_ERROR(stage.call(static_cast<Call>(call)), ErrorCode::OutOfStock);
    QCOMPARE(stage.fence(), fence);
    // And can be done when the reason is gone.
    stage.participant.failing = false;
    CF_VERIFY_OK(stage.call(static_cast<Call>(call)));
    QVERIFY(stage.fence() != fence);
}

void TestFence::doesOnceWhatIsAskedTwice()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    for (const Call call : {Call::Try, Call::Try, Call::Confirm, Call::Confirm, Call::Try, Call::Confirm}) {
        CF_VERIFY_OK(stage.call(call));
    }
    QCOMPARE(stage.participant.effects, QStringList({QStringLiteral("reserve"), QStringLiteral("confirm")}));
}

QTEST_GUILESS_MAIN(TestFence)
#include "tst_fence.moc"
