// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/service_process.h"

#include <QTest>

namespace counterfoil {

namespace {

constexpr int waitMs = 20'000;

} // namespace

ServiceProcess::ServiceProcess(QString name, QString program, QStringList arguments)
    : m_name(std::move(name)), m_program(std::move(program)), m_arguments(std::move(arguments))
{
}

ServiceProcess::~ServiceProcess()
{
    if (isRunning()) {
        m_process->kill();
        m_process->waitForFinished(waitMs);
    }
}

void ServiceProcess::launch()
{
    m_begin = m_output.size();
    m_launchedAt = SystemClock().now();
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    QObject::connect(m_process.get(), &QProcess::readyRead, m_process.get(), [this] { collect(); });
    m_process->start(m_program, m_arguments);
}

bool ServiceProcess::awaitReady()
{
    const auto isReady = [this] { return m_output.indexOf("ready at ", m_begin) >= 0; };
    return QTest::qWaitFor([&] { return isReady() || !isRunning(); }, waitMs) && isReady();
}

bool ServiceProcess::kill()
{
    if (!isRunning()) {
        return false;
    }
    m_process->kill();
    // No event loop: other things that are under test stand still meanwhile.
    const bool gone = m_process->waitForFinished(waitMs);
    collect();
    return gone && m_process->exitStatus() == QProcess::CrashExit;
}

bool ServiceProcess::stop()
{
    if (!isRunning()) {
        return false;
    }
    m_process->terminate();
    const bool gone = QTest::qWaitFor([&] { return !isRunning(); }, waitMs);
    collect();
    return gone && m_process->exitStatus() == QProcess::NormalExit && m_process->exitCode() == 0;
}

void ServiceProcess::collect()
{
    m_output += m_process->readAll();
}

QByteArray ServiceProcess::lastWords(int lines) const
{
    qsizetype at = m_output.size();
    for (int i = 0; i <= lines && at > 0; ++i) {
        at = m_output.lastIndexOf('\n', at - 1);
        if (at < 0) {
            return m_output;
        }
    }
    return m_output.mid(at + 1);
}

} // namespace counterfoil
