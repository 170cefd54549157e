// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

namespace counterfoil {

/// Takes the values of a statement, one after the other.
class ValueSink {
public:
    virtual ~ValueSink() = default;
    virtual void integer(qint64 value) = 0;
    virtual void text(QStringView value) = 0;
    /// A text that is known to be ASCII, such as an enum's name.
    virtual void word(const char* ascii) = 0;
    /// NULL.
    virtual void none() = 0;
};

} // namespace counterfoil
