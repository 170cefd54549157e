// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_journal.h"

#include <QJsonDocument>

namespace counterfoil {

namespace {

const QString seedKey = QStringLiteral("seed");

} // namespace

Result<void> SandboxJournal::open(const QString& fileName, quint64 seed, const std::function<void(const QJsonObject&)>& replay)
{
    m_seed = seed;
    m_file.setFileName(fileName);
    // Unbuffered: what was handed to the system outlives a killed process.
    if (!m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered)) {
        return fail(ErrorCode::FileNotWritable, fileName + QStringLiteral(": ") + m_file.errorString());
    }
    qint64 goodBytes = 0;
    int number = 0;
    const QList<QByteArray> lines = m_file.readAll().split('\n');
    // What follows the last line end is empty, or was being written when the process ended.
    for (const QByteArray& line : lines.first(lines.size() - 1)) {
        ++number;
        const QJsonDocument json = QJsonDocument::fromJson(line);
        if (!json.isObject()) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("%1 line %2").arg(fileName).arg(number));
        }
        if (number == 1 && json.object().value(seedKey).toString() != QString::number(seed)) {
            return fail(ErrorCode::ConfigurationInvalid, fileName + QStringLiteral(" was made with another seed"));
        }
        if (number > 1) {
            replay(json.object());
        }
        goodBytes += line.size() + 1;
    }
    m_file.resize(goodBytes);
    m_file.seek(goodBytes);
    if (goodBytes == 0) {
        writeHeader();
    }
    return {};
}

void SandboxJournal::writeHeader()
{
    append(QJsonObject{{seedKey, QString::number(m_seed)}});
}

void SandboxJournal::append(const QJsonObject& entry)
{
    if (m_file.isOpen()) {
        m_file.write(QJsonDocument(entry).toJson(QJsonDocument::Compact) + '\n');
    }
}

void SandboxJournal::clear()
{
    if (m_file.isOpen()) {
        m_file.resize(0);
        m_file.seek(0);
        writeHeader();
    }
}

} // namespace counterfoil
