// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"
#include "workflows/definition/facts.h"
#include "workflows/definition/workflow_definition.h"

#include <QStringList>

#include <memory>
#include <span>

namespace counterfoil {

struct GuardProgram;

/// A condition on a transition, parsed and type-checked (40-workflows, Storage). The language is the part of ECMAScript in
/// which both mean the same: declared names, whole numbers, texts, `true`, `false`, `== != === !== < <= > >=`,
/// `+ - *` on numbers, `&& || !`, parentheses and `In('state')`. `==` needs the same type on both sides, `<` numbers.
/// Immutable; copies share; may be evaluated by several threads at once.
class Guard {
public:
    static constexpr qsizetype lengthMax = 1000;
    static constexpr int depthMax = 32;

    /// Errors: WorkflowInvalid with the position and the reason (syntax, undeclared name, type error, too long, too deep).
    static Result<Guard> parse(QStringView text, std::span<const DataDeclaration> declarations);

    /// A fact that is not set has its declared default. `&&` and `||` don't look at their right side when the left decides.
    /// Errors: AmountOverflow (a result needs more than 64 bits), Integrity (a fact of another type than declared).
    Result<bool> evaluate(const Facts& facts, QStringView currentState) const;

    /// The text it was made from.
    const QString& text() const;
    /// Every state named in an In(), once each.
    const QStringList& statesNamed() const;

private:
    explicit Guard(std::shared_ptr<const GuardProgram> program);
    std::shared_ptr<const GuardProgram> m_program;
};

} // namespace counterfoil
