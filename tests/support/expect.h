// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QRegularExpression>
#include <QTest>

namespace counterfoil {

/// Call it in init(): any qWarning that a test doesn't announce with QTest::ignoreMessage fails that test.
inline void failOnWarnings()
{
    // A window manager's hints mean nothing to a platform without windows, which says so with every dialog.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
}

} // namespace counterfoil

/// The Result holds a value; otherwise the test fails and prints the error.
#define CF_VERIFY_OK(expression)                                                                                       \
    do {                                                                                                               \
        const auto& cfVerified = (expression);                                                                         \
        QVERIFY2(cfVerified.has_value(), cfVerified ? "" : qPrintable(cfVerified.error().text()));                     \
    } while (false)

/// The Result holds an error with this code; otherwise the test fails and names both.
#define CF_COMPARE_ERROR(expression, expectedCode)                                                                     \
    do {                                                                                                               \
        const auto& cfFailed = (expression);                                                                           \
        QVERIFY2(!cfFailed.has_value(), "succeeded, " #expectedCode " was expected");                                  \
        QCOMPARE(counterfoil::toString(cfFailed.error().code), counterfoil::toString(expectedCode));                   \
    } while (false)

/// Two values of an enum with names; otherwise the test fails and prints both names.
#define CF_COMPARE_ENUM(actual, expected) QCOMPARE(counterfoil::toString(actual), counterfoil::toString(expected))
