// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

/// How many times longer than usual a test may take, or more slowly go: sanitizers cost time. For limits that guard against
/// quadratic costs and waits without end, not for measurements.
#if defined(__SANITIZE_THREAD__)
inline constexpr int slowness = 50;
#elif defined(__SANITIZE_ADDRESS__)
inline constexpr int slowness = 5;
#else
inline constexpr int slowness = 1;
#endif

} // namespace counterfoil
