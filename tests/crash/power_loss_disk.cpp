// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/power_loss_disk.h"

#include "models/base/error.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace counterfoil {

namespace {

constexpr std::array partNames{"main file", "log", "journal", "other file"};
constexpr std::array operationNames{"creation", "removal", "write", "truncation", "sync", "sync of the folder"};

void put(QByteArray& content, qint64 offset, const char* bytes, qint64 count)
{
    if (content.size() < offset + count) {
        content.append(QByteArray(offset + count - content.size(), '\0'));
    }
    std::memcpy(content.data() + offset, bytes, static_cast<std::size_t>(count));
}

void apply(QByteArray& content, const DiskFile::Change& change)
{
    if (change.size < 0) {
        put(content, change.offset, change.bytes.constData(), change.bytes.size());
    } else if (change.size <= content.size()) {
        content.truncate(change.size);
    } else {
        content.append(QByteArray(change.size - content.size(), '\0'));
    }
}

void settle(DiskFile& file)
{
    for (const DiskFile::Change& change : file.unsynced) {
        apply(file.durable, change);
    }
    file.unsynced.clear();
}

} // namespace

PowerLossDisk::PowerLossDisk(quint32 seed, const Image& files) : m_random(seed)
{
    for (const auto& [name, content] : files) {
        m_names.emplace(name, std::make_shared<DiskFile>(DiskFile{content, content, {}}));
    }
    m_durableNames = m_names;
}

DiskPart PowerLossDisk::partOf(const QByteArray& name)
{
    if (name.endsWith("-wal")) {
        return DiskPart::Log;
    }
    if (name.endsWith("-journal")) {
        return DiskPart::Journal;
    }
    return name.endsWith(".db") ? DiskPart::Main : DiskPart::Other;
}

bool PowerLossDisk::meets(const QByteArray& name, DiskPart part, DiskOperation operation)
{
    const bool counts = m_cut.countdown > 0 && (m_cut.any || (m_cut.part == part && m_cut.operation == operation));
    if (!counts || --m_cut.countdown > 0) {
        return false;
    }
    m_dark = true;
    m_met = name.isEmpty() ? QByteArray(operationNames[static_cast<std::size_t>(operation)])
                           : QByteArray(partNames[static_cast<std::size_t>(part)]) + ' ' + operationNames[static_cast<std::size_t>(operation)];
    return true;
}

void PowerLossDisk::cut()
{
    m_dark = true;
    m_met = "between two operations";
}

std::shared_ptr<DiskFile> PowerLossDisk::open(const QByteArray& name, bool create)
{
    if (m_dark) {
        return {};
    }
    if (const auto known = m_names.find(name); known != m_names.end()) {
        return known->second;
    }
    if (!create) {
        return {};
    }
    auto file = std::make_shared<DiskFile>();
    m_names.emplace(name, file);
    m_nameChanges.push_back({name, file});
    return meets(name, partOf(name), DiskOperation::Open) ? nullptr : file;
}

bool PowerLossDisk::remove(const QByteArray& name)
{
    if (m_dark) {
        return false;
    }
    m_names.erase(name);
    m_nameChanges.push_back({name, nullptr});
    return !meets(name, partOf(name), DiskOperation::Remove);
}

bool PowerLossDisk::write(const QByteArray& name, DiskFile& file, qint64 offset, const QByteArray& bytes)
{
    return change(name, file, {offset, bytes, -1}, DiskOperation::Write);
}

bool PowerLossDisk::truncate(const QByteArray& name, DiskFile& file, qint64 size)
{
    return change(name, file, {0, {}, size}, DiskOperation::Truncate);
}

bool PowerLossDisk::change(const QByteArray& name, DiskFile& file, DiskFile::Change change, DiskOperation operation)
{
    if (m_dark) {
        return false;
    }
    apply(file.now, change);
    if (name.isEmpty()) {
        // Scratch paper: nobody will look for it.
        return true;
    }
    file.unsynced.push_back(std::move(change));
    return !meets(name, partOf(name), operation);
}

bool PowerLossDisk::sync(const QByteArray& name, DiskFile& file)
{
    if (m_dark) {
        return false;
    }
    const bool met = meets(name, partOf(name), DiskOperation::Sync);
    if (!m_lies && (!met || m_cut.afterSync)) {
        settle(file);
    }
    ++m_syncs;
    return !met;
}

bool PowerLossDisk::syncDirectory()
{
    if (m_dark || meets({}, DiskPart::Other, DiskOperation::SyncDirectory)) {
        return false;
    }
    if (!m_lies) {
        m_durableNames = m_names;
        m_nameChanges.clear();
    }
    return true;
}

void PowerLossDisk::tear(QByteArray& content, const DiskFile::Change& change, bool rubbish, int percent)
{
    if (change.size >= 0) {
        if (chance(percent)) {
            apply(content, change);
        }
        return;
    }
    const qint64 end = change.offset + change.bytes.size();
    for (qint64 at = change.offset; at < end;) {
        const qint64 next = std::min(end, (at / sectorBytes + 1) * sectorBytes);
        QByteArray sector = change.bytes.mid(at - change.offset, next - at);
        if (rubbish && chance(15)) {
            std::ranges::generate(sector, [this] { return static_cast<char>(m_random()); });
            put(content, at, sector.constData(), sector.size());
        } else if (chance(percent)) {
            put(content, at, sector.constData(), sector.size());
        }
        at = next;
    }
}

void PowerLossDisk::survive(DiskFile& file, Mercy mercy, int percent)
{
    const std::size_t last = file.unsynced.empty() ? 0 : m_random() % file.unsynced.size();
    for (std::size_t i = 0; i < file.unsynced.size(); ++i) {
        const DiskFile::Change& change = file.unsynced[i];
        switch (mercy) {
        case Mercy::Nothing:
            break;
        case Mercy::Everything:
            apply(file.durable, change);
            break;
        case Mercy::SomeChanges:
            if (chance(percent)) {
                apply(file.durable, change);
            }
            break;
        case Mercy::UpToOne:
            if (i < last) {
                apply(file.durable, change);
            } else if (i == last) {
                tear(file.durable, change, true, percent);
            }
            break;
        case Mercy::SomeSectors:
        case Mercy::RubbishToo:
            tear(file.durable, change, mercy == Mercy::RubbishToo, percent);
            break;
        }
    }
    file.unsynced.clear();
    file.now = file.durable;
}

void PowerLossDisk::powerUp()
{
    require(m_dark, "the power was out");
    require(m_openFiles == 0, "nobody has a file open when the power comes back");
    constexpr std::array percents{10, 50, 90};
    const auto mercy = static_cast<Mercy>(m_random() % 6);
    const int percent = percents[m_random() % percents.size()];
    for (const NameChange& change : m_nameChanges) {
        const bool stays = mercy == Mercy::Everything || (mercy != Mercy::Nothing && chance(percent));
        if (stays && change.file) {
            m_durableNames.insert_or_assign(change.name, change.file);
        } else if (stays) {
            m_durableNames.erase(change.name);
        }
    }
    m_nameChanges.clear();
    m_names = m_durableNames;
    for (const auto& [name, file] : m_names) {
        survive(*file, mercy, percent);
    }
    m_cut = PowerCut();
    m_dark = false;
}

PowerLossDisk::Image PowerLossDisk::image() const
{
    Image files;
    for (const auto& [name, file] : m_names) {
        files.emplace(name, file->now);
    }
    return files;
}

} // namespace counterfoil
