// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

/// Makes the built-in files available as `:/counterfoil/…` (`:/counterfoil/workflows/order.scxml`). Call it in main();
/// again is harmless. The list of files is in resources/CMakeLists.txt.
void initResources();

} // namespace counterfoil
