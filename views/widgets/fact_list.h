// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/labels.h"

class QGridLayout;

namespace counterfoil {

/// One fact of a thing: what it is, and what it says.
struct Fact {
    QString name;
    QString value;
    /// An id or another text that is compared letter by letter.
    bool isExact = false;
    Ink ink = Ink::Text;
    friend bool operator==(const Fact&, const Fact&) = default;
};

/// Facts one below the other, each of which can be marked and copied. Those without a value are left out.
class FactList : public QWidget {
    Q_OBJECT
public:
    explicit FactList(const Theme& theme, QWidget* parent = nullptr);

    /// Labels that stay the same are not touched, so that what is marked stays marked.
    void setFacts(QList<Fact> facts);
    const QList<Fact>& facts() const { return m_facts; }

private:
    void build();

    const Theme& m_theme;
    QGridLayout* m_grid;
    QList<Fact> m_facts;
    QList<PlainLabel*> m_values;
};

} // namespace counterfoil
