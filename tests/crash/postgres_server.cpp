// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/postgres_server.h"

#include "models/base/error.h"
#include "models/store/connection.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <csignal>

#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

namespace counterfoil {

namespace {

constexpr int makingMs = 60'000;
constexpr int endingMs = 20'000;
constexpr int startingMs = 60'000;

/// PostgreSQL doesn't run as root: then the user whom Debian's package makes for it does.
const passwd* serverUser()
{
    return geteuid() == 0 ? getpwnam("postgres") : nullptr;
}

/// The newest server, or the one that Debian 12 has if it is there.
QString findPrograms()
{
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    QString found;
    for (const QString& version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QString bin = versions.filePath(version) + QStringLiteral("/bin");
        const bool preferred = found.endsWith(QStringLiteral("/15/bin"));
        found = QFile::exists(bin + QStringLiteral("/initdb")) && !preferred ? bin : found;
    }
    return found;
}

qint64 parentOf(const QString& pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QFile::ReadOnly)) {
        return 0;
    }
    // The name in brackets may hold anything: what follows the last bracket is state and parent.
    const QByteArray text = file.readAll();
    return text.mid(text.lastIndexOf(')') + 2).split(' ').value(1).toLongLong();
}

} // namespace

// Sockets need short paths, and TMPDIR may be closed to another user.
PostgresServer::PostgresServer() : m_programs(findPrograms()), m_folder(QStringLiteral("/tmp/counterfoil-crash-XXXXXX")), m_data(m_folder.filePath(QStringLiteral("data"))) {}

PostgresServer::~PostgresServer()
{
    if (isRunning()) {
        (void)killAll();
    }
}

QString PostgresServer::program(const char* name) const
{
    return m_programs + u'/' + QLatin1String(name);
}

std::unique_ptr<QProcess> PostgresServer::processOf(const char* name, const QStringList& arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setWorkingDirectory(m_folder.path());
    if (const passwd* user = serverUser()) {
        // It becomes the program itself, so that the process is the server's.
        const QString who = QString::fromLocal8Bit(user->pw_name);
        process->start(QStringLiteral("setpriv"), QStringList{QStringLiteral("--reuid=") + who, QStringLiteral("--regid=") + who, QStringLiteral("--clear-groups"), program(name)} + arguments);
    } else {
        process->start(program(name), arguments);
    }
    return process;
}

QString PostgresServer::create()
{
    if (m_programs.isEmpty()) {
        return QStringLiteral("no PostgreSQL server in /usr/lib/postgresql");
    }
    if (const passwd* user = serverUser(); user && chown(QFile::encodeName(m_folder.path()).constData(), user->pw_uid, user->pw_gid) != 0) {
        return QStringLiteral("the folder can't be given to the server's user");
    }
    const auto making = processOf("initdb", {QStringLiteral("-D"), m_data, QStringLiteral("-U"), QStringLiteral("postgres"), QStringLiteral("-A"), QStringLiteral("trust"),
                                             QStringLiteral("-E"), QStringLiteral("UTF8"), QStringLiteral("--locale=C.UTF-8")});
    if (!making->waitForFinished(makingMs) || making->exitCode() != 0) {
        return QString::fromUtf8(making->readAll());
    }
    QTcpServer free;
    require(free.listen(QHostAddress::LocalHost, 0), "a free port");
    m_port = free.serverPort();
    return {};
}

QString PostgresServer::url() const
{
    return QStringLiteral("postgresql://postgres@127.0.0.1:%1/postgres").arg(m_port);
}

void PostgresServer::launch()
{
    QStringList arguments{QStringLiteral("-D"), m_data, QStringLiteral("-p"), QString::number(m_port), QStringLiteral("-k"), m_folder.path(), QStringLiteral("-h"), QStringLiteral("127.0.0.1")};
    for (const char* setting : {"fsync=on", "synchronous_commit=on", "full_page_writes=on"}) {
        arguments << QStringLiteral("-c") << QLatin1String(setting);
    }
    m_process = processOf("postgres", arguments);
}

bool PostgresServer::comesUp()
{
    if (!isRunning()) {
        launch();
        return false;
    }
    const auto address = DatabaseUrl::parse(url());
    return address && Connection::open(*address, ConnectionRole::Writer).has_value();
}

QString PostgresServer::start()
{
    launch();
    return QTest::qWaitFor([this] { return comesUp(); }, startingMs) ? QString() : QString::fromUtf8(lastWords());
}

QString PostgresServer::killPostmaster()
{
    if (!isRunning()) {
        return QStringLiteral("there is no server to be killed");
    }
    m_process->kill();
    ++m_killed;
    return m_process->waitForFinished(endingMs) ? QString() : QStringLiteral("it doesn't die");
}

QString PostgresServer::killAll()
{
    if (!isRunning()) {
        return QStringLiteral("there is no server to be killed");
    }
    // Held still, it makes no new children and doesn't see the old ones die.
    const pid_t first = static_cast<pid_t>(m_process->processId());
    ::kill(first, SIGSTOP);
    for (const qint64 child : children()) {
        m_killed += ::kill(static_cast<pid_t>(child), SIGKILL) == 0 ? 1 : 0;
    }
    return killPostmaster();
}

std::vector<qint64> PostgresServer::children() const
{
    std::vector<qint64> found;
    for (const QString& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        const qint64 pid = entry.toLongLong();
        if (pid > 0 && parentOf(entry) == m_process->processId()) {
            found.push_back(pid);
        }
    }
    return found;
}

QByteArray PostgresServer::lastWords() const
{
    return m_process ? m_process->readAll().right(2000) : QByteArray();
}

} // namespace counterfoil
