// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/resources.h"

#include <QDir>

// Q_INIT_RESOURCE declares a function of the namespace it stands in, and that function is a global one.
static void registerFiles()
{
    Q_INIT_RESOURCE(counterfoil);
}

namespace counterfoil {

void initResources()
{
    registerFiles();
}

} // namespace counterfoil
