// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/card.h"
#include "views/widgets/status_words.h"

namespace counterfoil {

/// One fact at a glance: a caption, a word or number in large, and a line of details.
class FactTile : public SectionCard {
    Q_OBJECT
public:
    FactTile(const Theme& theme, const QString& caption, QWidget* parent = nullptr);
    void setFact(const StatusWords& words);

private:
    void drawIcon();

    const Theme& m_theme;
    StatusWords m_words;
    QLabel* m_icon;
    PlainLabel* m_fact;
    PlainLabel* m_details;
};

} // namespace counterfoil
