// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/writer_lock.h"
#include "tests/support/expect.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace counterfoil {

namespace {

DatabaseUrl sqliteAt(const QString& path)
{
    DatabaseUrl url;
    url.path = path;
    return url;
}

/// Another process that holds the lock until it is killed.
class Holder {
public:
    explicit Holder(const DatabaseUrl& url)
    {
        int ready[2];
        require(pipe(ready) == 0, "a pipe");
        m_pid = fork();
        if (m_pid == 0) {
            const auto lock = WriterLock::acquire(url);
            const char answer = lock ? 'y' : 'n';
            (void)!write(ready[1], &answer, 1);
            for (;;) {
                pause();
            }
        }
        close(ready[1]);
        char answer = 0;
        m_holds = read(ready[0], &answer, 1) == 1 && answer == 'y';
        close(ready[0]);
    }
    ~Holder() { end(); }
    Q_DISABLE_COPY_MOVE(Holder)

    pid_t pid() const { return m_pid; }
    bool holds() const { return m_holds; }
    void end()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            waitpid(m_pid, nullptr, 0);
            m_pid = 0;
        }
    }

private:
    pid_t m_pid = 0;
    bool m_holds = false;
};

} // namespace

class TestWriterLock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void letsOneHoldIt();
    void namesTheOwner();
    void takesOverFromAKilledOwnerAtOnce();
    void isOneLockHoweverTheFileIsReached();
    void locksAFileThatIsNotThereYet();
    void needsNoLockFor_data();
    void needsNoLockFor();
    void takesAnOldLockFileOver();
    void refusesALockFileThatIsALink();
    void saysWhenThereCanBeNoLockFile();
    void keepsTheLockFileToItsOwner();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestWriterLock::init()
{
    failOnWarnings();
    m_folder = std::make_unique<QTemporaryDir>();
    QFile file(path(QStringLiteral("pay.db")));
    QVERIFY(file.open(QFile::WriteOnly));
}

void TestWriterLock::letsOneHoldIt()
{
    const DatabaseUrl url = sqliteAt(path(QStringLiteral("pay.db")));
    {
        const auto first = WriterLock::acquire(url);
        CF_VERIFY_OK(first);
        CF_COMPARE_ERROR(WriterLock::acquire(url), ErrorCode::DatabaseInUse);
        CF_VERIFY_OK(WriterLock::acquire(sqliteAt(path(QStringLiteral("other.db")))));
    }
    CF_VERIFY_OK(WriterLock::acquire(url));
}

void TestWriterLock::namesTheOwner()
{
    const DatabaseUrl url = sqliteAt(path(QStringLiteral("pay.db")));
    const Holder holder(url);
    QVERIFY(holder.holds());
    const auto refused = WriterLock::acquire(url);
    CF_COMPARE_ERROR(refused, ErrorCode::DatabaseInUse);
    const QString detail = refused.error().detail;
    QVERIFY2(detail.contains(QStringLiteral("pid %1,").arg(holder.pid())), qPrintable(detail));
    QVERIFY2(detail.contains(QSysInfo::machineHostName()), qPrintable(detail));
    QVERIFY2(detail.contains(QCoreApplication::applicationName()), qPrintable(detail));
    QVERIFY2(detail.contains(QStringLiteral("pay.db")), qPrintable(detail));
}

void TestWriterLock::takesOverFromAKilledOwnerAtOnce()
{
    const DatabaseUrl url = sqliteAt(path(QStringLiteral("pay.db")));
    Holder holder(url);
    QVERIFY(holder.holds());
    CF_COMPARE_ERROR(WriterLock::acquire(url), ErrorCode::DatabaseInUse);
    holder.end();
    CF_VERIFY_OK(WriterLock::acquire(url));
}

void TestWriterLock::isOneLockHoweverTheFileIsReached()
{
    const auto lock = WriterLock::acquire(sqliteAt(path(QStringLiteral("pay.db"))));
    CF_VERIFY_OK(lock);
    QVERIFY(QFile::link(path(QStringLiteral("pay.db")), path(QStringLiteral("link.db"))));
    CF_COMPARE_ERROR(WriterLock::acquire(sqliteAt(path(QStringLiteral("link.db")))), ErrorCode::DatabaseInUse);
    CF_COMPARE_ERROR(WriterLock::acquire(sqliteAt(path(QStringLiteral("./../")) + QFileInfo(m_folder->path()).fileName() + QStringLiteral("/pay.db"))), ErrorCode::DatabaseInUse);
    CF_COMPARE_ERROR(WriterLock::acquire(sqliteAt(QStringLiteral("file:") + path(QStringLiteral("pay.db")) + QStringLiteral("?cache=private"))), ErrorCode::DatabaseInUse);
}

void TestWriterLock::locksAFileThatIsNotThereYet()
{
    const DatabaseUrl url = sqliteAt(path(QStringLiteral("new.db")));
    const auto lock = WriterLock::acquire(url);
    CF_VERIFY_OK(lock);
    QFile file(path(QStringLiteral("new.db")));
    QVERIFY(file.open(QFile::WriteOnly));
    CF_COMPARE_ERROR(WriterLock::acquire(url), ErrorCode::DatabaseInUse);
}

void TestWriterLock::needsNoLockFor_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("postgresql") << QStringLiteral("postgresql://somebody@localhost:5432/pay");
    QTest::newRow("shared memory") << QStringLiteral("sqlite:file:/sim?vfs=memdb");
    QTest::newRow("memory") << QStringLiteral("sqlite::memory:");
    QTest::newRow("memory by mode") << QStringLiteral("sqlite:file:x?mode=memory");
}

void TestWriterLock::needsNoLockFor()
{
    QFETCH(QString, text);
    const auto url = DatabaseUrl::parse(text);
    CF_VERIFY_OK(url);
    const auto first = WriterLock::acquire(*url);
    CF_VERIFY_OK(first);
    CF_VERIFY_OK(WriterLock::acquire(*url));
    QVERIFY(!QFile::exists(url->path + QStringLiteral(".lock")));
}

void TestWriterLock::takesAnOldLockFileOver()
{
    QFile old(path(QStringLiteral("pay.db.lock")));
    QVERIFY(old.open(QFile::WriteOnly));
    old.write("pid 1, host elsewhere, program something with a much longer name than ours\n");
    old.close();
    const auto lock = WriterLock::acquire(sqliteAt(path(QStringLiteral("pay.db"))));
    CF_VERIFY_OK(lock);
    QVERIFY(old.open(QFile::ReadOnly));
    const QString text = QString::fromUtf8(old.readAll());
    QVERIFY2(text.startsWith(QStringLiteral("pid %1,").arg(QCoreApplication::applicationPid())) && !text.contains(QStringLiteral("elsewhere")), qPrintable(text));
}

void TestWriterLock::refusesALockFileThatIsALink()
{
    QFile precious(path(QStringLiteral("precious")));
    QVERIFY(precious.open(QFile::ReadWrite));
    precious.write("keep me");
    precious.flush();
    QVERIFY(QFile::link(precious.fileName(), path(QStringLiteral("pay.db.lock"))));
    CF_COMPARE_ERROR(WriterLock::acquire(sqliteAt(path(QStringLiteral("pay.db")))), ErrorCode::FileNotWritable);
    QCOMPARE(precious.size(), 7);
}

void TestWriterLock::saysWhenThereCanBeNoLockFile()
{
    const auto refused = WriterLock::acquire(sqliteAt(path(QStringLiteral("nowhere/pay.db"))));
    CF_COMPARE_ERROR(refused, ErrorCode::FileNotWritable);
    QVERIFY2(refused.error().detail.contains(QStringLiteral("nowhere/pay.db.lock")), qPrintable(refused.error().detail));
}

void TestWriterLock::keepsTheLockFileToItsOwner()
{
    const auto lock = WriterLock::acquire(sqliteAt(path(QStringLiteral("pay.db"))));
    CF_VERIFY_OK(lock);
    const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(path(QStringLiteral("pay.db.lock"))) & others));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestWriterLock)
#include "tst_writer_lock.moc"
