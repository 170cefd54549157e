// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"
#include "views/theme/theme.h"

namespace counterfoil {

/// How a stored state is shown to people: a word, an icon and a tone.
struct Look {
    QString word;
    Icon icon = Icon::Flag;
    Tone tone = Tone::Neutral;
};

/// The look of any stored state or severity (of an order, transaction, exchange, callback, job, hold, case, account). Own
/// workflows may have any states: an unknown one gets its name in plain words and the neutral tone.
Look lookOf(const QString& name);
template<NamedEnum E>
Look lookOf(E value)
{
    return lookOf(toString(value));
}
/// The name says what something is (a kind, a reason), not how it stands: shown as plain words, not as a badge.
bool isKindName(const QString& name);
/// A case that is open is a warning, unlike an open hold or account.
Look openCaseLook();

/// The states of the default workflow in the order of an order's life, for filters and lists.
QStringList knownOrderStates();

/// What happened to an order: `timeout.delivery` is "Taken as delivered".
QString eventWords(const QString& event);
/// Who did it: `worker`, `api:…`, `import:…`, `cli` or a login.
QString actorWords(const QString& actor);
/// Why it came: the cause column of the timeline, in words.
QString causeWords(const QString& cause);

/// What an error means for the person who sees it: what failed, what was not changed, and what to do.
struct ErrorWords {
    QString what;
    QString whatToDo;
};
ErrorWords errorWords(ErrorCode code);

} // namespace counterfoil
