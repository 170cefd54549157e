// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/labels.h"

class QHBoxLayout;
class QVBoxLayout;

namespace counterfoil {

/// A section of a page: a surface with a 1 px line, a title with an optional count, and a body.
class SectionCard : public QWidget {
    Q_OBJECT
public:
    /// An empty title leaves the heading out.
    SectionCard(const Theme& theme, const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// Shown behind the title in the secondary colour.
    void setNote(const QString& note);
    /// Where the page puts its widgets.
    QVBoxLayout* body() const { return m_body; }
    /// The heading's right side.
    void addToHeading(QWidget* widget);
    /// No padding around the body: for tables.
    void setFlush();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QWidget* m_heading;
    QHBoxLayout* m_headingLayout;
    PlainLabel* m_title;
    PlainLabel* m_note;
    QVBoxLayout* m_body;
};

} // namespace counterfoil
