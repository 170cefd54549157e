// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit_seal.h"

#include <QByteArray>

#include <vector>

namespace counterfoil {

// Anchors are heads of the audit chain that are kept outside of the database, as lines of a file: what was cut off the chain, or made anew
// from its beginning, is only seen against them.

/// One JSON line with its end: `{"chain_sha256":"…","environment":"live","position":42,"sealed_at":"2026-03-01T10:00:00.000Z"}`. The time is
/// to the millisecond. Before the first seal the position is 0, the hash and the time are empty.
QByteArray anchorLine(const AuditHead& head);

/// Reads what anchorLine() writes, without the line's end. Errors: those of parseJsonObject(), MissingField, UnknownField, MalformedInput.
Result<AuditHead> parseAnchor(QByteArrayView line);

/// The anchors of a file. A line that was cut off while it was written has no closing brace, and is left out.
/// Errors: FileUnreadable (also a file without a whole line), and those of parseAnchor() with the line's number.
Result<std::vector<AuditHead>> readAnchors(const QString& path);

/// Adds a line to a file, in one piece, and waits until the disk has it. The file is made with mode 0600 if it isn't there; a symbolic link
/// isn't followed. Errors: FileNotWritable.
Result<void> appendAnchor(const QString& path, const AuditHead& head);

/// Makes the file if it isn't there, and finds out whether lines can be added. Errors: FileNotWritable.
Result<void> prepareAnchorFile(const QString& path);

} // namespace counterfoil
