// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/gateway/forensic_words.h"
#include "views/widgets/labels.h"

class QGridLayout;

namespace counterfoil {

/// The steps of an explanation, one below the other: how it stands as a badge, what it is, and what that means.
class StepList : public QWidget {
    Q_OBJECT
public:
    explicit StepList(const Theme& theme, QWidget* parent = nullptr);
    void setSteps(const std::vector<ForensicStep>& steps);

private:
    const Theme& m_theme;
    QGridLayout* m_grid;
};

} // namespace counterfoil
