// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/token_check.h"

#include "models/base/text.h"

#include <QMutexLocker>

namespace counterfoil {

namespace {

constexpr Duration rememberedFor = Duration::seconds(5);
constexpr qsizetype rememberedMax = 1024;
const QString scope = QStringLiteral("orders");

} // namespace

void TokenCheck::find(const QByteArray& token, std::function<void(Result<std::optional<QString>>)> done)
{
    const QString sha256 = sha256Hex(token);
    std::optional<QString> label;
    {
        const QMutexLocker lock(&m_mutex);
        if (const auto known = m_known.constFind(sha256); known != m_known.cend() && m_clock.now() < known->until) {
            label = known->label;
        }
    }
    if (label) {
        done(label);
        return;
    }
    m_port.findToken(sha256, scope, [self = shared_from_this(), sha256, done = std::move(done)](Result<std::optional<QString>> found) {
        if (found && *found) {
            self->remember(sha256, **found);
        }
        done(std::move(found));
    });
}

void TokenCheck::remember(const QString& sha256, const QString& label)
{
    const QMutexLocker lock(&m_mutex);
    if (m_known.size() >= rememberedMax) {
        m_known.clear();
    }
    m_known.insert(sha256, {label, m_clock.now() + rememberedFor});
}

} // namespace counterfoil
