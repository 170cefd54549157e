// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/administration.h"
#include "models/store/command_store.h"
#include "models/store/migrator.h"
#include "models/store/scram_verifier.h"
#include "tests/support/expect.h"
#include "tests/support/psql.h"
#include "tests/support/server_logins.h"
#include "tests/workflows/operators/operator_stage.h"
#include "tests/workflows/operators/privileges.h"
#include "workflows/services/verification.h"

#include <QElapsedTimer>

namespace counterfoil {

namespace {

const QStringList roles{QStringLiteral("support"), QStringLiteral("supervisor"), QStringLiteral("finance"), QStringLiteral("administrator"), QStringLiteral("auditor"), QStringLiteral("worker")};
const QString sha = QStringLiteral("5ca1ab1e");

} // namespace

/// What the database itself lets a login do, tried with PostgreSQL's own client: nobody has to use our console.
class TestPrivileges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void givesEveryRoleWhatItNeedsAndNoMore();
    void givesEveryTableAndFunctionToSomebodyOnPurpose();
    void letsOneOfFourApproveAtOnce();
    void carriesACommandFromASupportersSessionToAWorkers();
    void endsASessionThatWasLeftInATransaction();
    void leavesTheWorkerAWayRoundALockedCommand();
    void shutsTheDoorWhenSomebodyIsDisabled();
    void givesNobodyOfAnotherDatabaseAnotherPassword();
    void isSetUpByAnOwnerWhoIsNoSuperuser_data();
    void isSetUpByAnOwnerWhoIsNoSuperuser();
    void letsAnAuditorVerifyTheBooks();
    void knowsEveryRefusalByItsCode();
    void writesIdsAsTheProgramDoes();

private:
    QString login(const QString& role) const { return m_prefix + role; }
    QString value(const QString& sql);
    std::unique_ptr<Connection> connectAs(const QString& role);
    OperatorCommand command(const QString& maker, CommandStatus status, int approvals = 1);
    InterventionCase addCase(const QString& owner, CaseState state = CaseState::Open);
    QMap<QString, QString> wordsFor(const QString& role);

    const QString m_prefix = QStringLiteral("cf%1.").arg(QCoreApplication::applicationPid());
    std::unique_ptr<OperatorStage> m_stage;
    std::unique_ptr<ServerLogins> m_logins;
    int m_subjects = 0;
};

void TestPrivileges::initTestCase()
{
    if (TestDatabase::kinds().size() < 2) {
        QSKIP("no PostgreSQL here");
    }
}

void TestPrivileges::init()
{
    failOnWarnings();
    m_stage = std::make_unique<OperatorStage>(DatabaseKind::Postgresql);
    // People's sessions act now, whatever the stage's clock says.
    m_stage->shop.clock.set(SystemClock().now());
    m_stage->pay();
    m_logins = std::make_unique<ServerLogins>(*m_stage->shop.database());
    People people(m_stage->shop.connection(), m_stage->shop.clock, m_stage->shop.ids, People::DatabaseLogins::Made);
    std::vector<std::pair<Role, const char*>> added(EnumNames<Role>::names.begin(), EnumNames<Role>::names.end());
    added.insert(added.end(), {{Role::Supervisor, "supervisor2"}, {Role::Supervisor, "supervisor3"}});
    for (const auto& [role, name] : added) {
        CF_VERIFY_OK(people.add(QStringLiteral("cli"), login(QString::fromLatin1(name)), QStringLiteral("Somebody"), role, QStringLiteral("correct horse battery")));
        m_logins->adopt(login(QString::fromLatin1(name)));
    }
    CF_VERIFY_OK(m_logins->make(login(QStringLiteral("worker")), QStringLiteral("counterfoil_worker")));
}

void TestPrivileges::cleanup()
{
    m_logins.reset();
    m_stage.reset();
}

QString TestPrivileges::value(const QString& sql)
{
    QString found;
    EngineFixture::unwrap(m_stage->shop.connection().queryAll(sql, {}, [&found](const Row& row) -> Result<void> {
        found = row.text(0);
        return {};
    }));
    return found;
}

std::unique_ptr<Connection> TestPrivileges::connectAs(const QString& role)
{
    DatabaseUrl url = m_stage->shop.database()->url();
    url.user = login(role);
    return EngineFixture::unwrap(Connection::open(url, ConnectionRole::Writer));
}

OperatorCommand TestPrivileges::command(const QString& maker, CommandStatus status, int approvals)
{
    OperatorCommand made;
    made.id = m_stage->shop.ids.next<CommandId>();
    made.kind = CommandKind::Refund;
    made.subject = ++m_subjects;
    made.reason = QStringLiteral("because");
    made.arguments = QStringLiteral("{}");
    made.requestedBy = maker;
    made.requestedAt = made.previewedAt = m_stage->shop.clock.now();
    made.status = status;
    made.previewSha256 = sha;
    made.approvalsNeeded = approvals;
    if (status == CommandStatus::AwaitingApproval) {
        made.filedAt = made.previewedAt;
        made.filedSubject = made.subjectKey();
    }
    EngineFixture::unwrap(insertRow(m_stage->shop.connection(), made));
    return made;
}

InterventionCase TestPrivileges::addCase(const QString& owner, CaseState state)
{
    InterventionCase made;
    made.id = m_stage->shop.ids.next<CaseId>();
    made.kind = QStringLiteral("order_review");
    made.dedupeKey = QStringLiteral("test:%1").arg(++m_subjects);
    made.owner = owner;
    made.state = state;
    made.openedAt = made.dueAt = m_stage->shop.clock.now();
    EngineFixture::unwrap(insertRow(m_stage->shop.connection(), made));
    return made;
}

QMap<QString, QString> TestPrivileges::wordsFor(const QString& role)
{
    const QString me = login(role);
    const QString other = login(QStringLiteral("supervisor2"));
    const auto id = [](const auto& row) { return QString::number(row.id.value()); };
    return {{QStringLiteral("{me}"), me},
            {QStringLiteral("{other}"), other},
            {QStringLiteral("{worker}"), login(QStringLiteral("worker"))},
            {QStringLiteral("{sha}"), sha},
            {QStringLiteral("{theirs}"), id(command(other, CommandStatus::AwaitingApproval))},
            {QStringLiteral("{their_draft}"), id(command(other, CommandStatus::Previewed))},
            {QStringLiteral("{mine}"), id(command(me, CommandStatus::AwaitingApproval))},
            {QStringLiteral("{my_draft}"), id(command(me, CommandStatus::Previewed))},
            {QStringLiteral("{case}"), id(addCase({}))},
            {QStringLiteral("{my_case}"), id(addCase(me))},
            {QStringLiteral("{their_case}"), id(addCase(other))},
            {QStringLiteral("{closed_case}"), id(addCase({}, CaseState::Resolved))},
            {QStringLiteral("{verifier}"), EngineFixture::unwrap(scramVerifier(QStringLiteral("another password")))},
            {QStringLiteral("{pid}"), value(QStringLiteral("SELECT pg_backend_pid()"))}};
}

void TestPrivileges::givesEveryRoleWhatItNeedsAndNoMore()
{
    int cells = 0;
    QStringList wrong;
    for (qsizetype column = 0; column < roles.size(); ++column) {
        const QMap<QString, QString> words = wordsFor(roles[column]);
        const auto filled = [&words](const char* text) {
            QString result = QString::fromLatin1(text);
            for (auto it = words.begin(); it != words.end(); ++it) {
                result.replace(it.key(), it.value());
            }
            return result;
        };
        Psql psql(m_stage->shop.database()->url(), login(roles[column]));
        for (const Privilege& privilege : privileges()) {
            const QString expected = QString::fromLatin1(privilege.outcomes).split(u' ', Qt::SkipEmptyParts).value(column);
            const PsqlAnswer answer = psql.run(QStringLiteral("BEGIN; ") + filled(privilege.sql));
            const QString undone = psql.run(QStringLiteral("ROLLBACK")).outcome();
            ++cells;
            const bool saysIt = expected != u"ok" || !privilege.says || answer.text == filled(privilege.says);
            if (answer.outcome() != expected || !saysIt || undone != u"ok") {
                wrong << QStringLiteral("%1, %2: %3 '%4' instead of %5 '%6'").arg(roles[column], QString::fromLatin1(privilege.words), answer.outcome(), answer.text, expected, privilege.says ? filled(privilege.says) : QString());
            }
        }
    }
    qInfo("%d cells: %zu operations by %lld roles", cells, privileges().size(), static_cast<long long>(roles.size()));
    QVERIFY2(wrong.isEmpty(), qPrintable(u'\n' + wrong.join(u'\n')));
    QVERIFY(privileges().size() >= 100);
    QVERIFY(m_stage->shop.violations().isEmpty());
}

void TestPrivileges::givesEveryTableAndFunctionToSomebodyOnPurpose()
{
    // A later migration's table that nobody may read, or its function that everybody may call, is an oversight until it is named here.
    QCOMPARE(value(QStringLiteral("SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') "
                                  "AND NOT has_table_privilege('counterfoil_reader', oid, 'SELECT')")),
             QStringLiteral("api_token idempotency_record person"));
    QCOMPARE(value(QStringLiteral("SELECT count(*) FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0")), QStringLiteral("0"));
    QCOMPARE(value(QStringLiteral("SELECT coalesce(string_agg(proname, ' '), '') FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')")), QString());
    QCOMPARE(value(QStringLiteral("SELECT coalesce(string_agg(proname, ' '), '') FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
                                  "AND (proconfig IS NULL OR NOT 'search_path=pg_catalog, pg_temp' = ANY (proconfig))")),
             QString());
    QCOMPARE(value(QStringLiteral("SELECT has_database_privilege('public', current_database(), 'TEMP') OR has_database_privilege('public', current_database(), 'CONNECT') "
                                  "OR has_schema_privilege('public', 'public', 'USAGE')")),
             QStringLiteral("f"));
    // Nobody who reads may write anything directly.
    QCOMPARE(value(QStringLiteral("SELECT count(*) FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname LIKE 'counterfoil%' "
                                  "AND r.rolname <> 'counterfoil_worker' AND c.relnamespace = 'public'::regnamespace AND a.privilege_type <> 'SELECT'")),
             QStringLiteral("0"));
}

void TestPrivileges::letsOneOfFourApproveAtOnce()
{
    std::vector<std::unique_ptr<Psql>> approvers;
    for (const char* name : {"supervisor", "supervisor2", "supervisor3", "finance"}) {
        approvers.push_back(std::make_unique<Psql>(m_stage->shop.database()->url(), login(QString::fromLatin1(name))));
        QCOMPARE(approvers.back()->run(QStringLiteral("SELECT 1")).text, QStringLiteral("1"));
    }
    constexpr int races = 40;
    for (int race = 0; race < races; ++race) {
        const CommandId id = command(login(QStringLiteral("support")), CommandStatus::AwaitingApproval).id;
        const QString start = value(QStringLiteral("SELECT extract(epoch FROM clock_timestamp()) + 0.02"));
        for (const auto& approver : approvers) {
            // Whoever is first keeps it for a moment, so that the others come meanwhile however busy the machine is.
            approver->send(QStringLiteral("BEGIN; SELECT command_approve(%2, '%3', '') FROM (SELECT pg_sleep(%1 - extract(epoch FROM clock_timestamp()))) start; SELECT FROM pg_sleep(0.02); COMMIT")
                               .arg(start).arg(id.value()).arg(sha));
        }
        QStringList outcomes;
        for (const auto& approver : approvers) {
            const PsqlAnswer answer = approver->answer();
            outcomes << answer.outcome() + answer.text.trimmed();
        }
        outcomes.sort();
        QCOMPARE(outcomes, (QStringList{QStringLiteral("CF014"), QStringLiteral("CF014"), QStringLiteral("CF014"), QStringLiteral("okqueued")}));
        QCOMPARE(m_stage->shop.rows<CommandApproval>(QStringLiteral("WHERE command_id = ?"), {bound(id)}).size(), std::size_t{1});
        QCOMPARE(m_stage->shop.rows<AuditEvent>(QStringLiteral("WHERE subject = ? AND action = 'command.approved'"), {id.toText()}).size(), std::size_t{1});
    }
}

void TestPrivileges::carriesACommandFromASupportersSessionToAWorkers()
{
    Psql support(m_stage->shop.database()->url(), login(QStringLiteral("support")));
    Psql finance(m_stage->shop.database()->url(), login(QStringLiteral("finance")));
    const QString order = QString::number(m_stage->order.value());
    const QString id = support.run(QStringLiteral("SELECT command_request('refund', %1, %1, NULL, 'USD', 2000, '{\"refund_amount\": \"2000\"}', 'broken')").arg(order)).text;
    QVERIFY(m_stage->shop.connection().execute(QStringLiteral("UPDATE command_policy SET one_from = 1000 WHERE kind = 'refund' AND currency = ''")));
    const QString second = support.run(QStringLiteral("SELECT command_request('refund', %1, %1, NULL, 'USD', 2000, '{\"refund_amount\": \"2000\"}', 'broken')").arg(order)).text;
    QVERIFY(id.toLongLong() > 0 && second.toLongLong() > id.toLongLong());
    const auto worker = connectAs(QStringLiteral("worker"));
    CommandRunner runner(*worker, m_stage->shop.clock, m_stage->shop.ids, m_stage->actions);
    CF_VERIFY_OK(runner.runDue(10));
    const QString preview = support.run(QStringLiteral("SELECT preview_sha256 FROM operator_command WHERE id = %1").arg(second)).text;
    QCOMPARE(preview.size(), 64);
    const auto call = [&](const char* function) { return QStringLiteral("SELECT %1(%2, '%3'%4)").arg(QString::fromLatin1(function), second, preview, function == QByteArray("command_approve") ? QStringLiteral(", ''") : QString()); };
    QCOMPARE(support.run(call("command_file")).text, QStringLiteral("awaiting_approval"));
    QCOMPARE(support.run(QStringLiteral("SELECT command_file(%1, '%2')").arg(id, preview)).sqlState, QStringLiteral("CF012"));
    QCOMPARE(support.run(call("command_approve")).sqlState, QStringLiteral("CF009"));
    QCOMPARE(finance.run(call("command_approve")).text, QStringLiteral("queued"));
    CF_VERIFY_OK(runner.runDue(10));
    const QString result = finance.run(QStringLiteral("SELECT status, result FROM operator_command WHERE id = %1").arg(second)).text;
    QCOMPARE(result, QStringLiteral("done|"));
    QStringList trail;
    for (const AuditEvent& event : m_stage->shop.rows<AuditEvent>(QStringLiteral("WHERE subject = ? ORDER BY id"), {CommandId(second.toLongLong()).toText()})) {
        trail << event.actor.section(u'.', 0, 0).section(u':', 0, 0) + u' ' + event.action;
    }
    trail.sort();
    QCOMPARE(trail, (QStringList{QStringLiteral("operator command.approved"), QStringLiteral("operator command.filed"), QStringLiteral("operator command.requested"), QStringLiteral("worker command.done"),
                                 QStringLiteral("worker command.previewed")}));
}

void TestPrivileges::endsASessionThatWasLeftInATransaction()
{
    const CaseId item = addCase({}).id;
    const QString claim = QStringLiteral("SELECT case_claim(%1)").arg(item.value());
    const auto worker = connectAs(QStringLiteral("worker"));
    Psql finance(m_stage->shop.database()->url(), login(QStringLiteral("finance")));
    for (const char* then : {"", "; SELECT pg_sleep(600)"}) {
        Psql support(m_stage->shop.database()->url(), login(QStringLiteral("support")));
        QCOMPARE(support.run(QStringLiteral("BEGIN; ") + claim).outcome(), QStringLiteral("ok"));
        support.send(QStringLiteral("SELECT 1") + QString::fromLatin1(then));
        const QString isBusy = QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = '%1' AND state = '%2'").arg(login(QStringLiteral("support")), QByteArrayView(then).isEmpty() ? QStringLiteral("idle in transaction") : QStringLiteral("active"));
        QTRY_COMPARE(value(isBusy), QStringLiteral("1"));
        QCOMPARE(finance.run(QStringLiteral("SET lock_timeout = '100ms'; ") + claim).sqlState, QStringLiteral("55P03"));
        QCOMPARE(*endIdleSessions(*worker, Duration::minutes(5)), 0);
        QCOMPARE(*endIdleSessions(*worker, Duration()), 1);
        QCOMPARE(finance.run(QStringLiteral("SET lock_timeout = '5s'; BEGIN; %1; ROLLBACK").arg(claim)).outcome(), QStringLiteral("ok"));
    }
    // Who only reads for long isn't in anybody's way.
    Psql auditor(m_stage->shop.database()->url(), login(QStringLiteral("auditor")));
    auditor.send(QStringLiteral("SELECT count(*) FROM posting, pg_sleep(1)"));
    QTRY_VERIFY(value(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM posting, pg_sleep%'")) == u"1");
    QCOMPARE(*endIdleSessions(*worker, Duration()), 0);
    QCOMPARE(auditor.answer().outcome(), QStringLiteral("ok"));
}

void TestPrivileges::leavesTheWorkerAWayRoundALockedCommand()
{
    const CommandId stuck = m_stage->asked(QStringLiteral("finance"), m_stage->freezeOf(100));
    CF_VERIFY_OK(m_stage->file(stuck));
    QCOMPARE(m_stage->status(stuck), QStringLiteral("queued"));
    CF_VERIFY_OK(m_stage->shop.connection().execute(QStringLiteral("UPDATE operator_command SET requested_by = ? WHERE id = ?"), {login(QStringLiteral("finance")), bound(stuck)}));
    const CommandId next = EngineFixture::unwrap(m_stage->desk.request(QStringLiteral("supervisor"), m_stage->freezeOf(200)));
    Psql finance(m_stage->shop.database()->url(), login(QStringLiteral("finance")));
    QCOMPARE(finance.run(QStringLiteral("BEGIN; SELECT command_withdraw(%1)").arg(stuck.value())).outcome(), QStringLiteral("ok"));
    const auto worker = connectAs(QStringLiteral("worker"));
    CommandRunner runner(*worker, m_stage->shop.clock, m_stage->shop.ids, m_stage->actions);
    QElapsedTimer timer;
    timer.start();
    CF_VERIFY_OK(runner.runDue(10));
    QVERIFY2(timer.elapsed() < 4'000, "it waited for the lock");
    QCOMPARE(m_stage->status(next), QStringLiteral("previewed"));
    QCOMPARE(finance.run(QStringLiteral("ROLLBACK")).outcome(), QStringLiteral("ok"));
    CF_VERIFY_OK(runner.runDue(10));
    QCOMPARE(m_stage->status(stuck), QStringLiteral("done"));
}

void TestPrivileges::shutsTheDoorWhenSomebodyIsDisabled()
{
    const DatabaseUrl url = m_stage->shop.database()->url();
    Psql support(url, login(QStringLiteral("support")));
    Psql administrator(url, login(QStringLiteral("administrator")));
    QCOMPARE(support.run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("ok"));
    const QString disable = QStringLiteral("SELECT person_set_disabled('%1', %2)");
    QCOMPARE(administrator.run(disable.arg(login(QStringLiteral("support")), QStringLiteral("true"))).outcome(), QStringLiteral("ok"));
    QCOMPARE(support.run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("none"));
    QCOMPARE(Psql(url, login(QStringLiteral("support"))).run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("none"));
    QCOMPARE(administrator.run(disable.arg(login(QStringLiteral("support")), QStringLiteral("false"))).outcome(), QStringLiteral("ok"));
    QCOMPARE(Psql(url, login(QStringLiteral("support"))).run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("ok"));
    // Another role, and the functions go with it.
    const QString claim = QStringLiteral("BEGIN; SELECT case_claim(%1); ROLLBACK").arg(addCase({}).id.value());
    QCOMPARE(Psql(url, login(QStringLiteral("support"))).run(claim).outcome(), QStringLiteral("ok"));
    QCOMPARE(administrator.run(QStringLiteral("SELECT person_set_role('%1', 'auditor')").arg(login(QStringLiteral("support")))).outcome(), QStringLiteral("ok"));
    QCOMPARE(Psql(url, login(QStringLiteral("support"))).run(claim).sqlState, QStringLiteral("42501"));
}

void TestPrivileges::givesNobodyOfAnotherDatabaseAnotherPassword()
{
    const auto second = TestDatabase::create(DatabaseKind::Postgresql);
    const SystemClock clock;
    IdSource ids(clock, 900);
    People people(second->writer(), clock, ids, People::DatabaseLogins::Made);
    const QString cli = QStringLiteral("cli");
    const QString shared = login(QStringLiteral("finance"));
    const auto kept = [&] { return value(QStringLiteral("SELECT rolpassword FROM pg_authid WHERE rolname = '%1'").arg(shared)); };
    const QString before = kept();
    QVERIFY(before.startsWith(u"SCRAM-SHA-256$"));
    // Who is somebody else there already can't be had.
    CF_COMPARE_ERROR(people.add(cli, shared, QStringLiteral("Other"), Role::Administrator, QStringLiteral("stolen password")), ErrorCode::AlreadyExistsDifferent);
    CF_VERIFY_OK(people.add(cli, shared, QStringLiteral("Same"), Role::Finance, QStringLiteral("stolen password")));
    CF_COMPARE_ERROR(people.setPassword(cli, shared, QStringLiteral("stolen password")), ErrorCode::Forbidden);
    CF_COMPARE_ERROR(people.setRole(cli, shared, Role::Administrator), ErrorCode::AlreadyExistsDifferent);
    QCOMPARE(kept(), before);
    CF_VERIFY_OK(people.setDisabled(cli, shared, true));
    QCOMPARE(Psql(m_stage->shop.database()->url(), shared).run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("ok"));
    QCOMPARE(Psql(second->url(), shared).run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("none"));
    // Whoever isn't a person of that database doesn't get in at all.
    QCOMPARE(Psql(second->url(), login(QStringLiteral("administrator"))).run(QStringLiteral("SELECT 1")).outcome(), QStringLiteral("none"));
}

void TestPrivileges::isSetUpByAnOwnerWhoIsNoSuperuser_data()
{
    QTest::addColumn<QString>("attribute");
    QTest::addColumn<bool>("makesLogins");
    QTest::newRow("who may make roles") << "CREATEROLE" << true;
    QTest::newRow("whose roles are there") << "NOCREATEROLE" << false;
}

void TestPrivileges::isSetUpByAnOwnerWhoIsNoSuperuser()
{
    QFETCH(QString, attribute);
    QFETCH(bool, makesLogins);
    Connection& server = m_stage->shop.connection();
    DatabaseUrl url = m_stage->shop.database()->url();
    url.name += QStringLiteral("_owned");
    url.user = login(QStringLiteral("owner"));
    const QString ann = login(QStringLiteral("ann"));
    CF_VERIFY_OK(server.executeScript(QStringLiteral("CREATE ROLE \"%1\" LOGIN %2").arg(url.user, attribute)));
    CF_VERIFY_OK(server.executeScript(QStringLiteral("CREATE DATABASE %1 OWNER \"%2\"").arg(url.name, url.user)));
    {
        const SystemClock clock;
        const auto owner = EngineFixture::unwrap(Connection::open(url, ConnectionRole::Writer));
        CF_VERIFY_OK(Migrator(*owner, clock).migrate());
        People people(*owner, clock, m_stage->shop.ids, People::DatabaseLogins::Made);
        const auto added = people.add(QStringLiteral("cli"), ann, QStringLiteral("Ann"), Role::Administrator, QStringLiteral("correct horse battery"));
        QCOMPARE(added.has_value(), makesLogins);
        QVERIFY2(makesLogins || added.error().code == ErrorCode::Forbidden, makesLogins ? "" : qPrintable(added.error().text()));
        if (makesLogins) {
            Psql psql(url, ann);
            QCOMPARE(psql.run(QStringLiteral("SELECT login FROM colleague")).text, ann);
            QCOMPARE(psql.run(QStringLiteral("SELECT person_add('%1', 'Ben', 'support', '')").arg(login(QStringLiteral("ben")))).outcome(), QStringLiteral("ok"));
            QCOMPARE(psql.run(QStringLiteral("CREATE TEMP TABLE t (i int)")).sqlState, QStringLiteral("42501"));
            QCOMPARE(psql.run(QStringLiteral("BEGIN; SELECT login FROM colleague WHERE login = session_user")).text, ann);
            QCOMPARE(*endIdleSessions(*owner, Duration()), 0);
            CF_VERIFY_OK(server.executeScript(QStringLiteral("GRANT pg_read_all_stats, pg_signal_backend TO \"%1\"").arg(url.user)));
            QCOMPARE(*endIdleSessions(*owner, Duration()), 1);
        }
    }
    CF_VERIFY_OK(server.executeScript(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(url.name)));
    for (const QString& role : {ann, url.user}) {
        CF_VERIFY_OK(server.executeScript(QStringLiteral("DROP ROLE IF EXISTS \"%1\"").arg(role)));
    }
}

void TestPrivileges::letsAnAuditorVerifyTheBooks()
{
    for (const char* role : {"auditor", "support", "worker"}) {
        const auto verified = verifyDatabase(*connectAs(QString::fromLatin1(role)));
        CF_VERIFY_OK(verified);
        QVERIFY(verified->holds());
    }
    const auto auditor = connectAs(QStringLiteral("auditor"));
    const auto all = People(*auditor, m_stage->shop.clock, m_stage->shop.ids).all();
    CF_VERIFY_OK(all);
    QVERIFY(all->size() > 5);
    const auto self = sessionPerson(*auditor);
    CF_VERIFY_OK(self);
    QVERIFY(self->has_value());
    QCOMPARE((*self)->login, login(QStringLiteral("auditor")));
    QVERIFY(!sessionPerson(m_stage->shop.connection())->has_value());
    QVERIFY(!sessionPerson(*connectAs(QStringLiteral("worker")))->has_value());
}

void TestPrivileges::knowsEveryRefusalByItsCode()
{
    int known = 0;
    for (const ErrorCode code : allErrorCodes()) {
        const auto refused = m_stage->shop.connection().queryAll(QStringLiteral("SELECT refuse(?, ?)"), {toString(code), QStringLiteral("CONTEXT: [why]")}, [](const Row&) -> Result<void> { return {}; });
        QVERIFY(!refused);
        if (refused.error().detail == u"CONTEXT: [why]") {
            ++known;
            CF_COMPARE_ENUM(refused.error().code, code);
        }
    }
    QCOMPARE(known, 14);
}

void TestPrivileges::writesIdsAsTheProgramDoes()
{
    for (const qint64 id : {qint64{1}, qint64{31}, qint64{36}, qint64{37}, qint64{1} << 60, std::numeric_limits<qint64>::max(), qint64{-1}, m_stage->order.value()}) {
        QCOMPARE(value(QStringLiteral("SELECT id_text('ord', %1)").arg(id)), OrderId(id).toText());
    }
    QCOMPARE(value(QStringLiteral("SELECT id_text('ord', 0) || id_text('ord', NULL)")), QString());
    const qint64 id = value(QStringLiteral("SELECT next_id(%1)").arg(sampleTime.micros())).toLongLong();
    QCOMPARE(IdSource::timeOf(id), sampleTime);
    QCOMPARE((id >> 12) & 1023, 1022);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestPrivileges)
#include "tst_privileges.moc"
