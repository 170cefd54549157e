// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"
#include "views/widgets/card.h"

#include <vector>

namespace counterfoil {

class AmountButton;
class AmountLabel;

/// The one number that matters largest, its parts beside it.
class MoneyPanel : public SectionCard {
    Q_OBJECT
public:
    /// Whether the numbers lead to why they are what they are.
    enum class Figures { Shown, Explained };

    /// `parts` are the captions of the smaller numbers.
    MoneyPanel(const Theme& theme, const QString& mainCaption, const QStringList& parts, Figures figures = Figures::Shown, QWidget* parent = nullptr);

    void setAmounts(const Money& main, const std::vector<Money>& parts);
    /// A word on the main number: `17.82 USD is still to come`.
    void setRemark(const QString& remark, Ink ink = Ink::Secondary);
    void clear();
    /// The main number, then its parts; none if they aren't explained.
    const std::vector<AmountButton*>& buttons() const { return m_buttons; }

Q_SIGNALS:
    /// Why the number is what it is was asked: 0 for the main number, then the parts.
    void explanationRequested(int figure);

private:
    QWidget* addFigure(const Theme& theme, const QString& caption, TextRole role, Qt::Alignment alignment, Figures figures);

    PlainLabel* m_remark;
    /// The main number first; one of the two is empty.
    std::vector<AmountLabel*> m_labels;
    std::vector<AmountButton*> m_buttons;
};

} // namespace counterfoil
