// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/power_loss_vfs.h"

#include "models/base/error.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace counterfoil {

namespace {

constexpr int sharedLocks = SQLITE_SHM_NLOCK;

struct Handle;

/// The memory of all connections to one file, and who has locked what of it.
struct SharedMemory {
    std::vector<std::vector<char>> regions;
    std::map<const Handle*, std::array<int, sharedLocks>> locks;
};

/// What connections to one file have in common.
struct Commons {
    std::map<const Handle*, int> locks;
    SharedMemory memory;
};

struct FileSystem {
    PowerLossDisk& disk;
    std::map<QByteArray, Commons> commons;
};

struct Handle {
    FileSystem& system;
    QByteArray name;
    /// Without a name it is SQLite's own scratch paper.
    std::shared_ptr<DiskFile> file;
    bool syncsDirectory = false;

    Commons& commons() const { return system.commons[name]; }
    bool isDark() const { return system.disk.isDark(); }
};

/// What SQLite allocates; its methods come first.
struct OpenFile {
    sqlite3_file base;
    Handle* handle;
};

Handle& handleOf(sqlite3_file* file)
{
    return *reinterpret_cast<OpenFile*>(file)->handle;
}

FileSystem& systemOf(sqlite3_vfs* vfs)
{
    return *static_cast<FileSystem*>(vfs->pAppData);
}

int closeFile(sqlite3_file* file)
{
    Handle* const handle = &handleOf(file);
    if (!handle->name.isEmpty()) {
        handle->commons().locks.erase(handle);
        handle->system.disk.opened(-1);
    }
    delete handle;
    return SQLITE_OK;
}

int readFile(sqlite3_file* file, void* into, int count, sqlite3_int64 offset)
{
    const Handle& handle = handleOf(file);
    if (handle.isDark()) {
        return SQLITE_IOERR_READ;
    }
    const QByteArray& content = handle.file->now;
    const qint64 there = std::clamp<qint64>(content.size() - offset, 0, count);
    std::memcpy(into, content.constData() + std::min<qint64>(offset, content.size()), static_cast<std::size_t>(there));
    std::memset(static_cast<char*>(into) + there, 0, static_cast<std::size_t>(count - there));
    return there == count ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset)
{
    const Handle& handle = handleOf(file);
    const QByteArray bytes(static_cast<const char*>(from), count);
    return handle.system.disk.write(handle.name, *handle.file, offset, bytes) ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncateFile(sqlite3_file* file, sqlite3_int64 size)
{
    const Handle& handle = handleOf(file);
    return handle.system.disk.truncate(handle.name, *handle.file, size) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int syncFile(sqlite3_file* file, int /*flags*/)
{
    Handle& handle = handleOf(file);
    if (!handle.system.disk.sync(handle.name, *handle.file)) {
        return SQLITE_IOERR_FSYNC;
    }
    if (handle.syncsDirectory) {
        if (!handle.system.disk.syncDirectory()) {
            return SQLITE_IOERR_DIR_FSYNC;
        }
        handle.syncsDirectory = false;
    }
    return SQLITE_OK;
}

int sizeOfFile(sqlite3_file* file, sqlite3_int64* size)
{
    const Handle& handle = handleOf(file);
    *size = handle.file->now.size();
    return handle.isDark() ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

int othersMost(const Handle& handle)
{
    int most = SQLITE_LOCK_NONE;
    for (const auto& [other, level] : handle.commons().locks) {
        most = other == &handle ? most : std::max(most, level);
    }
    return most;
}

int lockFile(sqlite3_file* file, int level)
{
    Handle& handle = handleOf(file);
    int& own = handle.commons().locks[&handle];
    const int others = othersMost(handle);
    const bool free = level == SQLITE_LOCK_SHARED ? others < SQLITE_LOCK_PENDING : level == SQLITE_LOCK_RESERVED ? others < SQLITE_LOCK_RESERVED : others == SQLITE_LOCK_NONE;
    if (!free && level == SQLITE_LOCK_EXCLUSIVE && others == SQLITE_LOCK_SHARED) {
        own = std::max(own, SQLITE_LOCK_PENDING);
    }
    if (!free) {
        return SQLITE_BUSY;
    }
    own = std::max(own, level);
    return SQLITE_OK;
}

int unlockFile(sqlite3_file* file, int level)
{
    Handle& handle = handleOf(file);
    int& own = handle.commons().locks[&handle];
    own = std::min(own, level);
    return SQLITE_OK;
}

int checkReserved(sqlite3_file* file, int* reserved)
{
    *reserved = othersMost(handleOf(file)) >= SQLITE_LOCK_RESERVED ? 1 : 0;
    return SQLITE_OK;
}

int controlFile(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/)
{
    return SQLITE_NOTFOUND;
}

int sectorSize(sqlite3_file* /*file*/)
{
    return 4096;
}

int deviceCharacteristics(sqlite3_file* /*file*/)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int mapMemory(sqlite3_file* file, int region, int size, int extend, void volatile** memory)
{
    const Handle& handle = handleOf(file);
    std::vector<std::vector<char>>& regions = handle.commons().memory.regions;
    *memory = nullptr;
    if (handle.isDark()) {
        return SQLITE_IOERR_SHMMAP;
    }
    handle.commons().memory.locks.try_emplace(&handle);
    while (extend && static_cast<int>(regions.size()) <= region) {
        regions.emplace_back(static_cast<std::size_t>(size));
    }
    if (region < static_cast<int>(regions.size())) {
        *memory = regions[static_cast<std::size_t>(region)].data();
    }
    return SQLITE_OK;
}

int lockMemory(sqlite3_file* file, int offset, int count, int flags)
{
    const Handle& handle = handleOf(file);
    auto& locks = handle.commons().memory.locks;
    const int wanted = flags & SQLITE_SHM_UNLOCK ? SQLITE_LOCK_NONE : flags & SQLITE_SHM_SHARED ? SQLITE_LOCK_SHARED : SQLITE_LOCK_EXCLUSIVE;
    for (int i = offset; i < offset + count && wanted != SQLITE_LOCK_NONE; ++i) {
        for (const auto& [other, held] : locks) {
            const int theirs = held[static_cast<std::size_t>(i)];
            if (other != &handle && (theirs == SQLITE_LOCK_EXCLUSIVE || (theirs != SQLITE_LOCK_NONE && wanted == SQLITE_LOCK_EXCLUSIVE))) {
                return SQLITE_BUSY;
            }
        }
    }
    for (int i = offset; i < offset + count; ++i) {
        locks[&handle][static_cast<std::size_t>(i)] = wanted;
    }
    return SQLITE_OK;
}

void memoryBarrier(sqlite3_file* /*file*/)
{
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int unmapMemory(sqlite3_file* file, int /*remove*/)
{
    const Handle& handle = handleOf(file);
    SharedMemory& memory = handle.commons().memory;
    memory.locks.erase(&handle);
    if (memory.locks.empty()) {
        memory.regions.clear();
    }
    return SQLITE_OK;
}

const sqlite3_io_methods& methods()
{
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods m{};
        m.iVersion = 2;
        m.xClose = closeFile;
        m.xRead = readFile;
        m.xWrite = writeFile;
        m.xTruncate = truncateFile;
        m.xSync = syncFile;
        m.xFileSize = sizeOfFile;
        m.xLock = lockFile;
        m.xUnlock = unlockFile;
        m.xCheckReservedLock = checkReserved;
        m.xFileControl = controlFile;
        m.xSectorSize = sectorSize;
        m.xDeviceCharacteristics = deviceCharacteristics;
        m.xShmMap = mapMemory;
        m.xShmLock = lockMemory;
        m.xShmBarrier = memoryBarrier;
        m.xShmUnmap = unmapMemory;
        return m;
    }();
    return all;
}

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flagsOut)
{
    FileSystem& system = systemOf(vfs);
    file->pMethods = nullptr;
    std::shared_ptr<DiskFile> found = name ? system.disk.open(name, flags & SQLITE_OPEN_CREATE) : std::make_shared<DiskFile>();
    if (!found) {
        return SQLITE_CANTOPEN;
    }
    const bool isJournal = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL);
    reinterpret_cast<OpenFile*>(file)->handle = new Handle{system, name, std::move(found), isJournal && (flags & SQLITE_OPEN_CREATE)};
    file->pMethods = &methods();
    if (name) {
        system.disk.opened(1);
    }
    if (flagsOut) {
        *flagsOut = flags;
    }
    return SQLITE_OK;
}

int removeFile(sqlite3_vfs* vfs, const char* name, int syncsDirectory)
{
    PowerLossDisk& disk = systemOf(vfs).disk;
    if (!disk.isDark() && !disk.exists(name)) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    return disk.remove(name) && (!syncsDirectory || disk.syncDirectory()) ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

int accessFile(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* out)
{
    const PowerLossDisk& disk = systemOf(vfs).disk;
    *out = disk.exists(name) ? 1 : 0;
    return disk.isDark() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int fullName(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out)
{
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

} // namespace

struct PowerLossVfs::Private {
    FileSystem system;
    QByteArray name;
    sqlite3_vfs vfs{};
};

PowerLossVfs::PowerLossVfs(PowerLossDisk& disk) : d(new Private{{disk, {}}, {}, {}})
{
    static std::atomic<int> counter{0};
    d->name = "power-loss-" + QByteArray::number(++counter);
    // Randomness and time are the system's.
    d->vfs = *sqlite3_vfs_find(nullptr);
    d->vfs.iVersion = 1;
    d->vfs.szOsFile = sizeof(OpenFile);
    d->vfs.pNext = nullptr;
    d->vfs.zName = d->name.constData();
    d->vfs.pAppData = &d->system;
    d->vfs.xOpen = openFile;
    d->vfs.xDelete = removeFile;
    d->vfs.xAccess = accessFile;
    d->vfs.xFullPathname = fullName;
    require(sqlite3_vfs_register(&d->vfs, 0) == SQLITE_OK, "SQLite takes the file system");
}

PowerLossVfs::~PowerLossVfs()
{
    sqlite3_vfs_unregister(&d->vfs);
}

QString PowerLossVfs::uri(const char* name) const
{
    return QStringLiteral("file:/%1?vfs=%2").arg(QLatin1String(name), QString::fromLatin1(d->name));
}

} // namespace counterfoil
