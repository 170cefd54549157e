// SPDX-License-Identifier: GPL-3.0-or-later

// Linked into every program of the preset `tsan`. Qt comes from the distribution and isn't built with ThreadSanitizer, which
// therefore doesn't see that what was written before a call was queued is seen by the thread that makes the call, and reports
// every one of them. These functions stand before Qt's own, tell ThreadSanitizer of exactly that order, and hand on. Nothing
// else is ordered by them: two threads that touch the same value without a queued call, a mutex or an atomic are still found.
#include <QObject>
#include <QThread>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdlib>

namespace {

template<class Function>
Function original(const char* symbol)
{
    void* const found = dlsym(RTLD_NEXT, symbol);
    if (found == nullptr) {
        std::abort();
    }
    return reinterpret_cast<Function>(found);
}

// What a thread has done is known to whoever waits for its end.
void releaseThread()
{
    if (QThread* const thread = QThread::currentThread()) {
        __tsan_release(thread);
    }
}

// A slot that was handed to Qt, called for it.
class Carried final : public QtPrivate::QSlotObjectBase {
public:
    // `origin`: the signal's sender; null for a call that is queued once.
    Carried(QtPrivate::QSlotObjectBase* inner, const QObject* origin) : QSlotObjectBase(&Carried::run), m_inner(inner), m_origin(origin) {}

    void* tag()
    {
        return m_origin != nullptr ? static_cast<void*>(const_cast<QObject*>(m_origin)) : this;
    }

private:
    static void run(int which, QSlotObjectBase* base, QObject* receiver, void** arguments, bool* result)
    {
        auto* const self = static_cast<Carried*>(base);
        switch (which) {
        case Destroy:
            __tsan_acquire(self);
            self->m_inner->destroyIfLastRef();
            delete self;
            break;
        case Call:
            __tsan_acquire(self->tag());
            self->m_inner->call(receiver, arguments);
            // A blocking call is waited for; an object may be gone from here on.
            __tsan_release(self);
            releaseThread();
            break;
        case Compare:
            *result = self->m_inner->compare(arguments);
            break;
        default:
            break;
        }
    }

    QtPrivate::QSlotObjectBase* m_inner;
    const QObject* m_origin;
};

} // namespace

bool QMetaObject::invokeMethodImpl(QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result)
{
    using Function = bool (*)(QObject*, QtPrivate::QSlotObjectBase*, Qt::ConnectionType, void*);
    static const auto next = original<Function>("_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    auto* const carried = new Carried(slot, nullptr);
    const bool isBlocking = type == Qt::BlockingQueuedConnection;
    if (isBlocking) {
        carried->ref();
    }
    __tsan_release(carried);
    const bool done = next(object, carried, type, result);
    if (isBlocking) {
        __tsan_acquire(carried);
        carried->destroyIfLastRef();
    }
    return done;
}

QMetaObject::Connection QObject::connectImpl(const QObject* sender, void** signal, const QObject* receiver, void** slotPointer,
                                             QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, const int* types,
                                             const QMetaObject* senderMetaObject)
{
    using Function = QMetaObject::Connection (*)(const QObject*, void**, const QObject*, void**, QtPrivate::QSlotObjectBase*, Qt::ConnectionType,
                                                 const int*, const QMetaObject*);
    static const auto next = original<Function>("_ZN7QObject11connectImplEPKS_PPvS1_S3_PN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPKiPK11QMetaObject");
    auto* const carried = new Carried(slot, sender);
    __tsan_release(carried->tag());
    return next(sender, signal, receiver, slotPointer, carried, type, types, senderMetaObject);
}

void QMetaObject::activate(QObject* sender, const QMetaObject* meta, int signal, void** arguments)
{
    using Function = void (*)(QObject*, const QMetaObject*, int, void**);
    static const auto next = original<Function>("_ZN11QMetaObject8activateEP7QObjectPKS_iPPv");
    __tsan_release(sender);
    next(sender, meta, signal, arguments);
}

bool QThread::wait(QDeadlineTimer deadline)
{
    using Function = bool (*)(QThread*, QDeadlineTimer);
    static const auto next = original<Function>("_ZN7QThread4waitE14QDeadlineTimer");
    const bool ended = next(this, deadline);
    if (ended) {
        __tsan_acquire(this);
    }
    return ended;
}

// QObject::~QObject(): objects that a thread deletes at its end.
extern "C" void _ZN7QObjectD2Ev(QObject* self)
{
    using Function = void (*)(QObject*);
    static const auto next = original<Function>("_ZN7QObjectD2Ev");
    releaseThread();
    next(self);
}
