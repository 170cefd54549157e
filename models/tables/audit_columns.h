// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

enum class AuditColumn { At, Actor, Action, Subject, Before, After, Reason, Id, Count };

} // namespace counterfoil
