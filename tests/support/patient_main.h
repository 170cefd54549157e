// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QTest>

namespace counterfoil {

/// main() of a test whose functions may take longer than the five minutes after which Qt Test ends them; CTest has a limit for the whole.
template<class Test>
int runPatiently(int argc, char** argv)
{
    qputenv("QTEST_FUNCTION_TIMEOUT", "3600000");
    const QCoreApplication application(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace counterfoil
