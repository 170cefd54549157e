// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <map>
#include <memory>
#include <random>
#include <vector>

namespace counterfoil {

/// A file as programs see it, as it is for sure after a power loss, and what was asked for since the last sync.
struct DiskFile {
    struct Change {
        qint64 offset = 0;
        QByteArray bytes;
        /// Not negative: no write, the file gets this size.
        qint64 size = -1;
    };

    QByteArray now;
    QByteArray durable;
    std::vector<Change> unsynced;
};

enum class DiskOperation { Open, Remove, Write, Truncate, Sync, SyncDirectory };
/// By the name's end, as SQLite gives it.
enum class DiskPart { Main, Log, Journal, Other };

/// When the power fails: at the n-th such operation from now on, 1 being the next.
struct PowerCut {
    int countdown = 0;
    /// Which operations count; every one that changes something if `any`.
    bool any = false;
    DiskPart part = DiskPart::Log;
    DiskOperation operation = DiskOperation::Write;
    /// Syncs only: the power fails when all is on the disk, but before the caller is told so.
    bool afterSync = false;
};

/// A disk in memory that forgets at a power loss what wasn't synced: each write, truncation, creation and removal since may have
/// reached the platter or not, in any selection (which is what a reordering comes to), and a write may be torn: each of its sectors
/// is the new one, the old one or rubbish. Bytes that weren't written are never touched (powersafe overwrite, which SQLite takes
/// for granted on this system). Names are as lasting as the folder's last sync. One thread.
class PowerLossDisk {
public:
    static constexpr qint64 sectorBytes = 512;
    using Image = std::map<QByteArray, QByteArray>;

    explicit PowerLossDisk(quint32 seed, const Image& files = {});

    static DiskPart partOf(const QByteArray& name);

    // For the file system on it. What returns false nobody knows about: the power is out. A file without a name is scratch paper.
    /// Null if there is no such file, or no power.
    std::shared_ptr<DiskFile> open(const QByteArray& name, bool create);
    bool exists(const QByteArray& name) const { return m_names.contains(name); }
    bool remove(const QByteArray& name);
    bool write(const QByteArray& name, DiskFile& file, qint64 offset, const QByteArray& bytes);
    bool truncate(const QByteArray& name, DiskFile& file, qint64 size);
    bool sync(const QByteArray& name, DiskFile& file);
    bool syncDirectory();
    /// Files that are open; there must be none when the power comes back.
    void opened(int by) { m_openFiles += by; }

    // For the test
    void cutAt(const PowerCut& cut) { m_cut = cut; }
    /// Now, between two operations.
    void cut();
    bool isDark() const { return m_dark; }
    /// What the last power loss met; `between two operations` if none.
    const QByteArray& lastMet() const { return m_met; }
    /// Decides what survived the power loss; from here on it is all there is, and all synced.
    void powerUp();
    /// A disk that says it has synced and hasn't: no test of durability may pass on it.
    void setLies(bool lies) { m_lies = lies; }
    /// All files as programs see them now.
    Image image() const;
    qint64 syncs() const { return m_syncs; }

private:
    struct NameChange {
        QByteArray name;
        std::shared_ptr<DiskFile> file;
    };
    using Names = std::map<QByteArray, std::shared_ptr<DiskFile>>;

    /// How much of what wasn't synced reaches the platter.
    enum class Mercy { Nothing, Everything, SomeChanges, UpToOne, SomeSectors, RubbishToo };

    bool change(const QByteArray& name, DiskFile& file, DiskFile::Change change, DiskOperation operation);
    bool meets(const QByteArray& name, DiskPart part, DiskOperation operation);
    bool chance(int percent) { return static_cast<int>(m_random() % 100) < percent; }
    void survive(DiskFile& file, Mercy mercy, int percent);
    void tear(QByteArray& content, const DiskFile::Change& change, bool rubbish, int percent);

    std::mt19937 m_random;
    Names m_names;
    Names m_durableNames;
    std::vector<NameChange> m_nameChanges;
    PowerCut m_cut;
    QByteArray m_met;
    bool m_dark = false;
    bool m_lies = false;
    int m_openFiles = 0;
    qint64 m_syncs = 0;
};

} // namespace counterfoil
