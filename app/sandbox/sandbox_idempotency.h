// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

#include <deque>

namespace counterfoil {

/// What was answered under each idempotency key (design, chapter 30, "Wire facts"). The oldest keys are pruned beyond a
/// million, as Stripe may after a day.
class SandboxIdempotency {
public:
    enum class Verdict { Fresh, Replay, OtherParameters, InProgress };
    struct Answer {
        int status = 0;
        QByteArray body;
        QString requestId;
    };

    /// What a call with this key may do. Fresh marks the key as in progress until store() or release().
    Verdict begin(const QByteArray& key, const QByteArray& fingerprint);
    Answer answerOf(const QByteArray& key) const;
    void store(const QByteArray& key, int status, const QByteArray& body, const QString& requestId);
    /// The call ended before execution, or failed validation: the key stays unused.
    void release(const QByteArray& key) { m_entries.remove(key); }

private:
    struct Entry {
        QByteArray fingerprint;
        int status = 0; ///< 0 while in progress
        QByteArray compressed;
        QString requestId;
    };
    QHash<QByteArray, Entry> m_entries;
    std::deque<QByteArray> m_stored;
};

} // namespace counterfoil
