// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"
#include "workflows/definition/facts.h"

#include <vector>

namespace counterfoil {

enum class TokenKind : quint8 {
    Literal, // value
    Name,    // text
    Or, And, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Plus, Minus, Times, Not, Open, Close,
    End,
};

struct GuardToken {
    TokenKind kind = TokenKind::End;
    QStringView text; ///< part of the text that was given
    FactValue value = qint64{0};
    qsizetype position = 0;
};

/// Cuts a guard into tokens, the last being End. Everything accepted means the same in ECMAScript: no `--`, `++`, comments,
/// octal or fractional numbers; `=== !==` are `== !=`. Errors: WorkflowInvalid with the position (from 1).
Result<std::vector<GuardToken>> cutGuard(QStringView text);

/// Whether `name` may be declared: an ASCII identifier of at most 64 characters that doesn't begin with `_` and means
/// nothing to ECMAScript or SCXML.
bool isFactName(QStringView name);

/// Reads a lone literal, as a declaration's default: `0`, `-5`, `'gateway'`, `true`. Errors: WorkflowInvalid.
Result<FactValue> parseLiteral(QStringView text);

} // namespace counterfoil
