// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QFile>

namespace counterfoil {

/// An order that wasn't taken, and the line of the file to look at.
struct ImportRefusal {
    qint64 line = 0;
    QString orderNo;
    Error error;
};

/// A text as a CSV field: quoted where RFC 4180 needs it, control and format characters made visible, and, so that a
/// spreadsheet takes it as text, with an apostrophe before a leading = + - @, tab or carriage return (OWASP, "CSV Injection").
QString csvField(const QString& text);

/// The file that lists refused orders: CSV with `line,order_number,error_code,detail`.
class ImportReport {
public:
    /// An empty path keeps no report. A continued report is added to. Errors: FileNotWritable.
    Result<void> open(const QString& path, bool continued);
    /// Errors: FileNotWritable.
    Result<void> add(const ImportRefusal& refusal);
    /// Hands everything to the operating system. Errors: FileNotWritable.
    Result<void> flush();
    /// Closes it; a report without a line is removed. Returns its path, or an empty one.
    QString close();

private:
    Result<void> writeFailed() const;

    QFile m_file;
    bool m_hasLines = false;
};

} // namespace counterfoil
