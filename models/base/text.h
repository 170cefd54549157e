// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QByteArray>

namespace counterfoil {

/// Decodes UTF-8 from outside. Errors: InvalidText (bad sequence, surrogate, overlong, or U+0000, which the PostgreSQL
/// driver cuts at), naming the byte offset.
Result<QString> decodeUtf8(QByteArrayView bytes);

/// A single line of text from outside: trimmed, 1 to `maxLength` characters, without control characters.
/// Errors: InvalidText, MissingField (empty), TooLarge; `field` names it in the detail.
Result<QString> parseLine(const QString& text, int maxLength, const char* field);

/// As parseLine, but an empty text is fine.
Result<QString> parseOptionalLine(const QString& text, int maxLength, const char* field);

/// Text from outside made safe to show: control, format and bidi characters, and the fifth and further marks on one letter, become
/// visible escapes (`\u202e`), line ends become spaces, and it is cut at `maxLength` characters with an ellipsis. Never rich text.
QString visibleText(const QString& text, int maxLength = 256);

/// SHA-256 in lower-case hex.
QString sha256Hex(QByteArrayView bytes);

} // namespace counterfoil
