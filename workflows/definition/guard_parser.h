// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/definition/guard_lexer.h"
#include "workflows/definition/workflow_definition.h"

#include <span>
#include <vector>

namespace counterfoil {

/// One operation of a parsed guard; `left` and `right` are places in GuardProgram::nodes.
struct GuardNode {
    enum class Kind : quint8 { Literal, Fact, InState, Negate, Not, Binary };
    Kind kind = Kind::Literal;
    DataType type = DataType::Boolean;
    TokenKind operation = TokenKind::End;
    int left = 0;
    int right = 0;
    QString name;                    ///< the fact, or the state of InState
    FactValue value = qint64{0};     ///< the literal, or the fact's default
};

/// A type-checked expression tree: operands always stand before the node that uses them, the root is the last.
struct GuardProgram {
    QString text;
    QStringList states;
    std::vector<GuardNode> nodes;
};

/// Errors: WorkflowInvalid, see Guard::parse.
Result<GuardProgram> parseGuard(QStringView text, std::span<const DataDeclaration> declarations);

} // namespace counterfoil
