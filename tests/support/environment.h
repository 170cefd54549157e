// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <cmath>

namespace counterfoil {

/// A number that a variable of the environment sets, without its sign; `otherwise` if it isn't set.
inline int numberFrom(const char* variable, int otherwise)
{
    return qEnvironmentVariableIsSet(variable) ? std::abs(qEnvironmentVariableIntValue(variable)) : otherwise;
}

} // namespace counterfoil
