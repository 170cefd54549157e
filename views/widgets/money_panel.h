// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"
#include "views/widgets/card.h"

#include <vector>

namespace counterfoil {

class AmountLabel;

/// The one number that matters largest, its parts beside it.
class MoneyPanel : public SectionCard {
    Q_OBJECT
public:
    /// `parts` are the captions of the smaller numbers.
    MoneyPanel(const Theme& theme, const QString& mainCaption, const QStringList& parts, QWidget* parent = nullptr);

    void setAmounts(const Money& main, const std::vector<Money>& parts);
    /// A word on the main number: `17.82 USD is still to come`.
    void setRemark(const QString& remark, Ink ink = Ink::Secondary);
    void clear();

private:
    AmountLabel* m_main;
    PlainLabel* m_remark;
    std::vector<AmountLabel*> m_parts;
};

} // namespace counterfoil
