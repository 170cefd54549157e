// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/worker_stage.h"

#include "app/common/database_setup.h"
#include "models/base/text.h"
#include "models/store/administration.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

namespace counterfoil {

const QByteArray WorkerStage::callbackSecret = "whsec_stage";
const QByteArray WorkerStage::token = "cf_stage";

WorkerStage::WorkerStage(DatabaseKind kind, const QString& gatewayUrl) : m_database(TestDatabase::create(kind))
{
    m_process = std::make_unique<ServiceProcess>(
        QStringLiteral("worker"), QStringLiteral(WORKER_PROGRAM),
        QStringList{QStringLiteral("--database=") + m_database->url().toText(), QStringLiteral("--listen=127.0.0.1:0"), QStringLiteral("--gateway-url=") + gatewayUrl,
                    QStringLiteral("--gateway-key-file=") + writeFile(QStringLiteral("key"), "sk_test_stage"),
                    QStringLiteral("--callback-secret-file=") + writeFile(QStringLiteral("secret"), callbackSecret), QStringLiteral("--log=json")});
}

QString WorkerStage::start()
{
    const SystemClock clock;
    if (const auto made = setUpDatabase(m_database->url(), QStringLiteral("sandbox"), clock); !made) {
        return made.error().text();
    }
    if (const auto added = addApiToken(m_database->writer(), ApiTokenId(1), sha256Hex(token), QStringLiteral("shop"), QStringLiteral("orders"), clock.now()); !added) {
        return added.error().text();
    }
    const bool started = m_process->start();
    const QString said = QString::fromUtf8(m_process->lastWords(20));
    const auto match = QRegularExpression(QStringLiteral("ready at [^\"]*:(\\d+)")).match(said);
    m_port = static_cast<quint16>(match.captured(1).toUInt());
    return started && m_port != 0 ? QString() : said;
}

qint64 WorkerStage::residentKiB() const
{
    QFile file(QStringLiteral("/proc/%1/status").arg(m_process->processId()));
    if (!file.open(QFile::ReadOnly)) {
        return -1;
    }
    const auto match = QRegularExpression(QStringLiteral("VmRSS:\\s+(\\d+)")).match(QString::fromLatin1(file.readAll()));
    return match.hasMatch() ? match.captured(1).toLongLong() : -1;
}

qint64 WorkerStage::openFiles() const
{
    return QDir(QStringLiteral("/proc/%1/fd").arg(m_process->processId())).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System).size();
}

QString WorkerStage::writeFile(const QString& name, const QByteArray& content) const
{
    QFile file(m_folder.filePath(name));
    require(file.open(QFile::WriteOnly) && file.write(content) == content.size() && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner), "a secret's file");
    return file.fileName();
}

} // namespace counterfoil
