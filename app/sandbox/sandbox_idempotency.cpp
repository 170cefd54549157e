// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_idempotency.h"

namespace counterfoil {

namespace {

constexpr size_t keysMax = 1'000'000;

} // namespace

SandboxIdempotency::Verdict SandboxIdempotency::begin(const QByteArray& key, const QByteArray& fingerprint)
{
    const auto found = m_entries.constFind(key);
    if (found == m_entries.cend()) {
        m_entries.insert(key, Entry{fingerprint, 0, {}, {}});
        return Verdict::Fresh;
    }
    if (found->fingerprint != fingerprint) {
        return Verdict::OtherParameters;
    }
    return found->status == 0 ? Verdict::InProgress : Verdict::Replay;
}

SandboxIdempotency::Answer SandboxIdempotency::answerOf(const QByteArray& key) const
{
    const Entry entry = m_entries.value(key);
    return Answer{entry.status, qUncompress(entry.compressed), entry.requestId};
}

void SandboxIdempotency::store(const QByteArray& key, int status, const QByteArray& body, const QString& requestId)
{
    Entry& entry = m_entries[key];
    entry.status = status;
    entry.compressed = qCompress(body, 1);
    entry.requestId = requestId;
    m_stored.push_back(key);
    if (m_stored.size() > keysMax) {
        m_entries.remove(m_stored.front());
        m_stored.pop_front();
    }
}

} // namespace counterfoil
